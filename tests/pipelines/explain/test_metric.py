"""A published figure down to its students: counted by hand for a school with five ninth graders."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.explain.errors import CannotExplainError
from tests.pipelines.explain.conftest import Ask
from tests.pipelines.explain.small_release import HIGH, NORTH, SmallRelease, key

# student: start lane, end lane, movement, reason
MEMBERS = {
    1: (2, 3, "up", None),
    2: (3, 3, "same", None),
    3: (4, 2, "down", None),
    4: (3, None, None, "exited"),
    5: (None, 5, None, "no_baseline"),
}


def school() -> SmallRelease:
    r = SmallRelease()
    for number, (start, end, movement, reason) in MEMBERS.items():
        s = r.student(number, *(("north", "south") if number == 2 else ("north",)))
        row = {"student_key": s, "cohort_year": 2025, "basis": "G8_EOY", "end_snapshot_code": "G9_EOY", "rule_set": "core5_v1", "district_code": NORTH, "school_code": HIGH, "start_lane": start, "end_lane": end, "movement": movement, "no_movement_reason": reason}  # fmt: skip
        r.add("student_movement", row, *(("north", "south") if number == 2 else ("north",)))
        r.add("student_movement", row | {"basis": "G9_T1", "start_lane": None, "movement": None, "no_movement_reason": "no_baseline"})  # fmt: skip
        absent = 18 if number == 3 else 5
        r.snapshot(
            s, "G9_EOY", end or "not_enrolled", 150, 60, (180, absent), 0, (1, 0), credits=(60, 50),
            chicago_g9=end and end >= 3, n_core_marks=8,
        )  # fmt: skip
        # who left for the south in summer is in its groups there
        r.add("student_group_year", {"student_key": s, "school_year": 2025, "group_type": "language", "group_code": "EL"}, "south" if number == 2 else "north")  # fmt: skip
        r.add("enrollment", {"student_key": s, "district_code": NORTH, "school_year": 2025})
    for number, (expected, absent) in {1: (180, 18), 2: (180, 17 + 1 / 3), 3: (20, 0)}.items():
        enough = expected > 30
        r.add("student_year", {"student_key": key(number), "school_year": 2025, "level": "school", "entity_code": HIGH, "days_expected": expected, "days_absent": absent, "has_enough_days": enough, "is_chronic": absent * 10 >= expected, "n_suspensions": int(number == 1)})  # fmt: skip
    # a repeater is in no figure
    s = r.student(6)
    r.snapshot(s, "G9_EOY", 1, 30, 60, (180, 90), credits=(60, 100), is_first_time_grade9=False)
    r.figure("movement_rate", 1, 3, "33.3%", warning="low_coverage")
    r.figure("movement_rate", 0, 0, "0.0%", basis="G9_T1")
    r.figure("movement_rate", 1, 3, "33.3%", group_type="language", group_code="EL")
    r.figure("net_movement", 0, 3, "0.0 pp")
    r.figure("coverage", 3, 5, "60.0%")
    r.figure("coverage_exited", None, None, "*")
    r.figure("exit_rate_v", None, None, "*")
    r.figure("down_rate", 2, 3, "66.7%")
    r.figure("vulnerable_rate", 1, 4, "25.0%", basis=None)
    r.figure("chicago_g9_rate", 3, 4, "75.0%", basis=None)
    r.figure("attendance_80_90", 1, 5, "20.0%", basis=None)
    r.figure("df_mark_share", 5, 40, "12.5%", basis=None)
    r.figure("chronic_absenteeism_rate", 1, 2, "50.0%", basis=None)
    r.figure("mean_gpa", None, 5, "2.50", basis=None, value=2.5)
    r.figure("coverage", 3, 5, "60.0%", level="collaborative", entity_code="CORE", entity_name="CORE Districts")
    return r


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return school().write(tmp_path_factory.mktemp("school"))


@pytest.fixture(scope="module")
def partner_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home for somebody without access to students' rows."""
    copy = tmp_path_factory.mktemp("partner") / "home"
    shutil.copytree(home, copy, symlinks=True)
    shutil.rmtree(next((copy / "published" / "releases").iterdir()) / "restricted")
    return copy


def test_a_figure_with_definition_rules_reasons_deliveries_and_students(ask: Ask, home: Path) -> None:
    status, lines = ask("movement_rate", "--school", HIGH, "--year", "2025", home=home)
    assert status == 0
    assert lines[0].startswith("movement_rate: Movement rate; release 20251001T000000.000000Z, rule set core5_v1")
    assert "formula: students whose end lane is higher / students with both lanes" in lines
    assert "core5_v1 grade 08 G3: gpa >= 2, n_f_core <= 1, attendance_rate > 0.9" in lines
    assert "core5_v1 grade 09 G3: gpa >= 2, n_f_core <= 1, attendance_rate > 0.9, credits_of_due >= 1" in lines
    assert f"North High ({HIGH}), cohort 2025, G9_EOY from G8_EOY, group ALL" in lines
    assert "published in the partner tier: 33.3% (1/3), settled, warning: low_coverage" in lines
    assert "1 other(s) of this year stand beside it: choose with --snapshot and --basis" in lines
    assert "counted again from students' rows: (1/3)" in lines and "the two agree" in lines
    start = lines.index("members of the cohort (5) who are not covered, by reason")
    assert lines[start + 1 : start + 3] == ["exited: 1", "no_baseline: 1"]
    assert "north: 2025-08-25 (1), 2025-06-25 (1)" in lines
    assert not any(line.startswith("south:") for line in lines)
    students = lines[-5:]
    assert students[0] == f"+ {key(1)}  2 -> 3, up"
    assert set(students[1:3]) == {f"o {key(2)}  3 -> 3, same", f"o {key(3)}  4 -> 2, down"}
    assert set(students[3:]) == {f". {key(4)}  3 -> None, exited", f". {key(5)}  None -> 5, no_baseline"}


def test_students_beyond_the_limit_are_counted(ask: Ask, home: Path) -> None:
    lines = ask("movement_rate", "--school", HIGH, "--limit", "2", home=home)[1]
    assert sum(key(number) in line for line in lines for number in MEMBERS) == 2
    assert lines[-1] == "and 3 more: --limit"


@pytest.mark.parametrize(
    ("metric", "counted"),
    [
        ("net_movement", "(0/3)"),
        ("coverage", "(3/5)"),
        ("vulnerable_rate", "(1/4)"),
        ("chicago_g9_rate", "(3/4)"),
        ("attendance_80_90", "(1/5)"),
        ("mean_gpa", "(of 5), 2.5000"),
    ],
)
def test_the_second_count_agrees(ask: Ask, home: Path, metric: str, counted: str) -> None:
    lines = ask(metric, "--school", HIGH, home=home)[1]
    assert f"counted again from students' rows: {counted}" in lines
    assert "the two agree" in lines


def test_a_group_is_found_where_its_students_went(ask: Ask, home: Path) -> None:
    lines = ask("movement_rate", "--school", HIGH, "--group", "EL", home=home)[1]
    assert "counted again from students' rows: (1/3)" in lines and "the two agree" in lines


def test_a_difference_is_said(ask: Ask, home: Path) -> None:
    lines = ask("down_rate", "--school", HIGH, home=home)[1]
    assert "counted again from students' rows: (1/3)" in lines
    assert "the two DIFFER: tell the data team" in lines


def test_marks_and_students_of_a_year_are_counted_again(ask: Ask, home: Path) -> None:
    # five members with 8 core marks each, of which 1 is D or F
    lines = ask("df_mark_share", "--school", HIGH, home=home)[1]
    assert "counted again from students' rows: (5/40)" in lines and "the two agree" in lines
    assert not any("lane_rule" in line for line in lines)
    # 1 and 2 are judged, 3 is not; a repeater is a student of the year too
    lines = ask("chronic_absenteeism_rate", "--school", HIGH, home=home)[1]
    assert "counted again from students' rows: (1/2)" in lines and "the two agree" in lines
    assert not any("reason" in line for line in lines)
    assert lines[-3:] == [
        f"+ {key(1)}  18 absent of 180, suspended 1 time",
        f"o {key(2)}  17.33 absent of 180, suspended 0 times",
        f". {key(3)}  0 absent of 20, suspended 0 times",
    ]


def test_the_collaborative_is_counted_over_all_districts_that_can_be_read(ask: Ask, home: Path) -> None:
    # a row of student 2 stands in both districts' databases: the student counts once
    lines = ask("coverage", home=home)[1]
    assert "CORE Districts (CORE), cohort 2025, G9_EOY from G8_EOY, group ALL" in lines
    assert "counted again from students' rows: (3/5)" in lines and "the two agree" in lines


def test_districts_that_cannot_be_read_explain_a_difference(ask: Ask, home: Path, tmp_path: Path) -> None:
    south_only = tmp_path / "home"
    shutil.copytree(home, south_only, symlinks=True)
    shutil.rmtree(next((south_only / "published" / "releases").iterdir()) / "restricted" / "north")
    lines = ask("coverage", home=south_only)[1]
    assert "counted again from students' rows: (1/1)" in lines
    assert "the two DIFFER: students of north cannot be read here" in lines


def test_a_hidden_figure_is_counted_for_whoever_may_read_students(ask: Ask, home: Path) -> None:
    lines = ask("exit_rate_v", "--school", HIGH, home=home)[1]
    assert "published in the partner tier: *, settled, suppressed" in lines
    assert "counted again from students' rows: (1/1)" in lines
    assert any(line.startswith("the figure is hidden") for line in lines)


def test_without_access_a_hidden_figure_stays_hidden(ask: Ask, partner_home: Path) -> None:
    status, lines = ask("exit_rate_v", "--school", HIGH, home=partner_home)
    assert status == 0
    assert "published in the partner tier: *, settled, suppressed" in lines
    assert "not counted again: that needs access to the restricted tier of north" in lines
    # reasons as far as the tier shows them, and no student
    assert "coverage: 60.0% (3/5)" in lines and "coverage_exited: *" in lines
    assert not any("s_0" in line or "exited: 1" in line for line in lines)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["movement_rat"], "'movement_rat' is neither a student key nor a metric; near it are movement_rate"),
        (["s_1234"], "is neither a student key nor a metric"),
        (["movement_rate", "--school", "1"], "no school '1'"),
        (["movement_rate", "--district", "west"], "no district 'west'; there are north, south"),
        (["movement_rate", "--school", HIGH, "--year", "1999"], "no such figure with cohort_year 1999; there are 2025"),
        (["movement_rate", "--school", HIGH, "--basis", "G7"], "no such figure with basis G7; there are G8_EOY, G9_T1"),
        (["movement_rate", "--school", HIGH, "--group", "XX"], "the partner tier has no figure of movement_rate"),
        (["movement_rate", "--tier", "secret"], "no tier 'secret'"),
        (["movement_rate", "--rule-set", "core5_v1", "--rule-set", "simple4_v1"], "are two rule sets"),
        (
            ["movement_rate", "--rule-set", "x"],
            "no rule set 'x'; there are core5_v1, core5_v1_pm, elsewhere, simple4_v1",
        ),
        (["movement_rate", "--next-lane"], "--next-lane is asked of a student"),
    ],
)
def test_a_wrong_question_is_status_2_and_one_line(ask: Ask, home: Path, arguments: list[str], words: str) -> None:
    status, lines = ask(*arguments, home=home)
    assert (status, len(lines)) == (2, 1)
    assert lines[0].startswith("core: ") and words in lines[0]


def test_without_the_tier_it_says_so(ask: Ask, home: Path) -> None:
    with pytest.raises(CannotExplainError, match="access to the public tier is needed"):
        ask("movement_rate", "--tier", "public", home=home)


def test_a_broken_database_is_one_line_without_values(ask: Ask, home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "home"
    shutil.copytree(home, broken, symlinks=True)
    (next((broken / "published" / "releases").iterdir()) / "partner" / "core.duckdb").write_bytes(b"no database")
    with pytest.raises(CannotExplainError, match="the current release cannot be read"):
        ask("movement_rate", home=broken)


def test_it_answers_without_the_machinery_of_the_run() -> None:
    heavy = "{'dagster', 'dbt', 'great_expectations'}"
    code = f"import sys, pipelines.cli, pipelines.explain.ask; raise SystemExit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
