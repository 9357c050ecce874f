"""The golden students of domain.md section 13 in a small release: letters, days and expected measures as worked there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli
from tests.pipelines.explain.small_release import HIGH, NORTH, SOUTH, SOUTH_HIGH, SmallRelease, key

THIRD = 3.333333333333  # as published: cut at the twelfth place


def golden() -> SmallRelease:
    r = SmallRelease()
    # 02 in grade 8: 27 points, one F and one D in math, 162/180 days are exactly 90%, which is not more than 90%
    s = r.student(2)
    r.marks(s, 2024, "S1", "C D C C B A")
    r.marks(s, 2024, "S2", "C F C C B A")
    reason = "Attendance is 90%; more than 90% is needed"
    r.snapshot(s, "G8_EOY", 2, 135, 60, (180, 18), 1, (2, 2), gate="G3", reasons=[reason])
    r.add("attendance_term", {"student_key": s, "district_code": NORTH, "school_code": HIGH, "school_year": 2024, "term_code": "S1", "days_expected": 90, "days_absent": 18, "known_from": dt.date(2024, 8, 1)})  # fmt: skip
    # 03: all B, 168/175 days are exactly 96%
    s = r.student(3)
    r.marks(s, 2025, "S1", "B B B B B B")
    r.marks(s, 2025, "S2", "B B B B B B")
    r.snapshot(
        s, "G9_EOY", 4, 180, 60, (175, 7), credits=(60, 50), gate="G5", reasons=["GPA is 3; 3.5 or more is needed"]
    )
    # 04: 166/173 days print as 96.0% and are not
    s = r.student(4)
    for term in ("S1", "S2"):
        r.marks(s, 2025, term, "A A A B A A" if term == "S1" else "A A A A A A")
    r.snapshot(
        s,
        "G9_EOY",
        3,
        235,
        60,
        (173, 7),
        credits=(60, 50),
        gate="G4",
        reasons=["Attendance is 95.95%; 96% or more is needed"],
    )
    # 05 in grade 8: 7 points of 12 marks, core F 6, 130/180 days
    s = r.student(5)
    r.marks(s, 2024, "S1", "F F D F D C")
    r.marks(s, 2024, "S2", "F D F F F C")
    r.snapshot(s, "G8_EOY", 1, 35, 60, (180, 50), 6, (8, 4), gate="G2", reasons=["a", "b", "c"])
    # 12: 20 days
    s = r.student(12)
    r.snapshot(s, "G9_EOY", "insufficient_days", 0, 0, (20, 0), credits=(0, 50))
    # 13: 20 points over 11 marks, math F twice and an incomplete; summer replaces all three
    s = r.student(13)
    summer = dt.date(2025, 7, 31)
    r.marks(s, 2025, "S1", "C - C C C B")
    r.marks(s, 2025, "S1", "- F", replaced_on=summer)
    r.marks(s, 2025, "S2", "C - - C C B")
    r.marks(s, 2025, "S2", "- F I", replaced_on=summer)
    r.marks(s, 2025, "SS", "- C B", known_from=dt.date(2025, 8, 25), source_file_id="file_august")
    r.marks(s, 2025, "SS", "- C", section_id="MATHSS2", known_from=dt.date(2025, 8, 25), source_file_id="file_august")
    r.snapshot(s, "G9_EOY", 2, 100, 55, (180, 12), 3, (3, 2), credits=(45, 50), gate="G3", reasons=["a", "b", "c"])
    r.snapshot(s, "G9_EOYS", 3, 135, 60, (180, 12), credits=(60, 50), gate="G4", reasons=["a", "b"])
    # 14 at the end of the first term: one graded mark
    s = r.student(14)
    r.marks(s, 2025, "S1", "P P P P P A")
    r.marks(s, 2025, "S2", "B C C NP B A")
    r.snapshot(s, "G9_T1", "insufficient_graded_credits", 20, 5, (85, 2), credits=(30, 25))
    r.snapshot(s, "G9_EOY", 4, 90, 30, (180, 4), 1, (1, 0), credits=(55, 50), gate="G5", reasons=["a", "b"])
    # 15: trimesters of 10/3 credits, two F are 4/3 semester F
    s = r.student(15)
    for term, letters in (("T1", "C C C C B B"), ("T2", "C F C C B B"), ("T3", "C F C C B B")):
        r.marks(s, 2025, term, letters, THIRD)
    r.snapshot(
        s,
        "G9_EOY",
        2,
        126.66666666666667,
        60,
        (180, 8),
        1.333333333333,
        (2, 2),
        credits=(53.333333333333, 50),
        gate="G3",
        reasons=["a"],
    )
    # 16: three part-day suspensions
    s = r.student(16)
    r.marks(s, 2025, "S1", "A A B B A A")
    r.marks(s, 2025, "S2", "A B B B A A")
    r.snapshot(
        s,
        "G9_EOY",
        3,
        215,
        60,
        (180, 2),
        credits=(60, 50),
        gate="G4",
        n_suspensions=3,
        reasons=["Suspended 3 times this year"],
    )
    for n, length in enumerate((0.5, 0.3, 0.1)):
        r.add("incident", {"student_key": s, "incident_id": f"I{n}", "district_code": NORTH, "school_code": HIGH, "school_year": 2025, "incident_date": dt.date(2024, 10, 1 + n), "suspension_type": "OSS", "suspension_days": length, "known_from": dt.date(2024, 12, 1)})  # fmt: skip
    # 08: first term in the south, second in the north; 157/175 days
    s = r.student(8, "north", "south")
    r.marks(
        s,
        2025,
        "S1",
        "C C C B B A",
        5,
        "north",
        "south",
        district_code=SOUTH,
        school_code=SOUTH_HIGH,
        source_file_id="file_south",
    )
    r.marks(s, 2025, "S2", "D C C B C A", 5, "north")
    r.snapshot(s, "G9_EOY", 2, 150, 60, (175, 18), n_df=(1, 1), credits=(60, 50), gate="G3", reasons=["Attendance is 89.71%; more than 90% is needed"], districts=("north",))  # fmt: skip
    # a lane from elsewhere, in a rule set without rows of lane_rule
    r.snapshot(
        key(8),
        "G9_EOY",
        4,
        150,
        60,
        (175, 18),
        n_df=(1, 1),
        credits=(60, 50),
        rule_set="elsewhere",
        lane_name="level 4",
    )
    # 21, made up: the south sent its first data of the year after the freeze, which then counts as known
    s = r.student(21, "south")
    first, later = dt.date(2024, 9, 1), dt.date(2024, 10, 1)
    in_south = {"district_code": SOUTH, "school_code": SOUTH_HIGH, "source_file_id": "file_south"}
    r.marks(s, 2024, "S1", "C C C C C C", 5, "south", known_from=first, **in_south)
    r.marks(s, 2024, "S2", "C C C C C -", 5, "south", known_from=first, **in_south)
    r.marks(s, 2024, "S2", "- - - - - C", 5, "south", known_from=later, **in_south)
    r.snapshot(
        s,
        "G8_EOY",
        3,
        120,
        60,
        (180, 0),
        gate="G4",
        reasons=["a"],
        districts=("south",),
        district_code=SOUTH,
        school_code=SOUTH_HIGH,
    )
    # 22, made up: a provisional snapshot in the middle of the first term
    s = r.student(22)
    r.snapshot(
        s,
        "G9_EOY",
        2,
        55,
        30,
        (40, 4),
        credits=(30, 0),
        gate="G3",
        snapshot_code="G9_P1",
        is_frozen=False,
        frozen_on=None,
        reasons=["a", "b"],
    )
    # 20, made up: frozen with an F in math that was corrected to C in August
    s = r.student(20)
    r.marks(s, 2025, "S1", "C C C C C C")
    r.marks(s, 2025, "S2", "C - C C C C")
    r.marks(s, 2025, "S2", "- C", known_from=dt.date(2025, 8, 25), source_file_id="file_august")
    r.snapshot(
        s,
        "G9_EOY",
        2,
        110,
        60,
        (180, 0),
        1,
        (1, 1),
        credits=(55, 50),
        gate="G3",
        reasons=["GPA is 1.83; 2 or more is needed"],
    )
    r.snapshot(
        s, "G9_EOY", 3, 120, 60, (180, 0), credits=(60, 50), gate="G4", reasons=["a"], table="student_snapshot_current"
    )
    return r


@pytest.fixture(scope="session")
def golden_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden().write(tmp_path_factory.mktemp("golden"))


Ask = Callable[..., tuple[int, list[str]]]


@pytest.fixture()
def ask(golden_home: Path) -> Ask:
    """`core explain` on the golden students: exit status and lines, without indentation."""

    def run(subject: int | str, *options: str, home: Path = golden_home) -> tuple[int, list[str]]:
        name = key(subject) if isinstance(subject, int) else subject
        done = CliRunner().invoke(cli.app, ["explain", name, *options, "--home", str(home)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, [line.strip() for line in done.output.splitlines()]

    return run
