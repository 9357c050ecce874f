"""The aggregates of domain.md section 13, and what the golden students add up to by hand in section 7."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.golden import students
from tests.reference import compute, lanes
from tests.reference.aggregates import companions, groups
from tests.reference.aggregates.cells import ALL, CORE, Cell, Counts, Places
from tests.reference.aggregates.cohorts import cohort_cells
from tests.reference.aggregates.compute import all_cells
from tests.reference.test_golden import golden_facts

G10_LANES = {"01": 5, "02": 3, "03": 4, "04": 3, "06": 3, "07": 2, "08": 2, "09": 3, "13": 3, "14": 4, "15": 3, "16": 4}


@pytest.fixture(scope="module")
def computation() -> compute.Computation:
    return compute.Computation(golden_facts(), students.AS_OF)


@pytest.fixture(scope="module")
def rows(computation):
    return computation.run(lanes.RULE_SETS)


@pytest.fixture(scope="module")
def cells(computation, rows) -> dict[Cell, Counts]:
    attributes = [
        (groups.Attributes(r["district_code"], r["local_student_id"], r["gender"], r["is_hispanic"], r["race_codes"]), r["known_from"], True)
        for r in students.build().rows["student"]
    ]  # fmt: skip
    return all_cells(computation, *rows, groups.GroupFacts(attributes), Places(), lanes.RULE_SETS)


def counts(
    cells: dict[Cell, Counts],
    metric: str,
    snapshot: str = "G9_EOY",
    basis: str | None = None,
    rule_set: str = "core5_v1",
    entity: tuple[str, str] = CORE,
    group: tuple[str, str] = ALL,
    year: int = students.COHORT,
) -> tuple[int | None, int] | None:
    found = cells.get(Cell(metric, year, snapshot, basis, *entity, *group, rule_set))
    return None if found is None else (found.numerator, found.denominator)


@pytest.mark.parametrize(
    ("metric", "expected", "percent"),
    [
        ("coverage", (12, 15), 80.0),
        ("movement_rate", (3, 12), 25.0),
        ("same_rate", (5, 12), 41.7),
        ("down_rate", (4, 12), 33.3),
        ("net_movement", (-1, 12), -8.3),
        ("movement_rate_x5", (3, 10), 30.0),
        ("exit_rate_v", (1, 3), 33.3),
        ("coverage_exited", (1, 15), 6.7),
        ("coverage_no_baseline", (1, 15), 6.7),
        ("coverage_insufficient_days", (1, 15), 6.7),
    ],
)
def test_changes_of_section_13(cells, metric, expected, percent):
    found = counts(cells, metric, basis="G8_EOY")
    assert found == expected
    assert round(100 * found[0] / found[1], 1) == percent


@pytest.mark.parametrize(
    ("metric", "snapshot", "expected", "percent"),
    [
        ("vulnerable_rate", "G9_EOY", (5, 13), 38.5),
        ("hsr_core_rate", "G8_EOY", (6, 14), 42.9),
        ("chicago_g9_rate", "G9_EOY", (9, 13), 69.2),
        ("ew_g9_rate", "G9_EOY", (4, 13), 30.8),
        ("wa_g9_rate", "G9_EOY", (7, 13), 53.8),
    ],
)
def test_rates_of_section_13(cells, metric, snapshot, expected, percent):
    found = counts(cells, metric, snapshot)
    assert found == expected
    assert round(100 * found[0] / found[1], 1) == percent


def test_lanes_add_up_to_those_who_have_one(cells):
    of_lanes = [counts(cells, f"lane_dist_{lane}") for lane in range(1, 6)]
    assert of_lanes == [(1, 13), (4, 13), (4, 13), (3, 13), (1, 13)]
    assert counts(cells, "lane_dist_5", rule_set="simple4_v1") is None
    assert counts(cells, "lane_dist_4", rule_set="simple4_v1") == (4, 13)


def test_summer_and_plus_minus(cells):
    assert counts(cells, "movement_rate", "G9_EOYS", "G8_EOY") == (4, 12)
    assert counts(cells, "movement_rate", basis="G8_EOY", rule_set="core5_v1_pm") == (2, 12)


def test_from_grade_9_to_grade_10(rows):
    """Lanes of G10_EOY are given in section 13; all but 05 of those with a lane at G9_EOY have one."""
    snapshots, _ = rows
    mine = [s for s in snapshots if s.cohort_year == students.COHORT and s.rule_set == "core5_v1"]
    g9 = {s.person: s.lane for s in mine if s.code == "G9_EOY" and s.first_time}
    moves = []
    for person, start in g9.items():
        end = G10_LANES.get(person[-2:])
        moved = None if start is None or end is None else "up" if end > start else "down" if end < start else "same"
        reason = None if moved else "exited"
        moves.append(compute.Movement(person, students.COHORT, "G9_EOY", "G10_EOY", start, end, moved, reason))
    cells = cohort_cells(mine, moves, {}, Places())
    expected = {
        "coverage": (12, 15), "off_track_rate_9_10": (2, 12), "fell_off_rate": (1, 8), "recovered_rate": (3, 4), "move_up_9_10": (4, 12),
        "down_rate": (1, 12), "same_rate": (7, 12),
    }  # fmt: skip
    assert {m: counts(cells, m, "G10_EOY", "G9_EOY") for m in expected} == expected
    assert counts(cells, "movement_rate", "G10_EOY", "G9_EOY") is None


def test_student_08_counts_once_at_each_level(cells):
    """85 days and 6 absences at the first school, 90 and 12 at the second: chronic there and at the collaborative."""
    first, second = students.school(students.LONG_BEACH, "high"), students.school(students.FRESNO, "high")
    chronic = "chronic_absenteeism_rate"
    # Long Beach: 08, 11 (4 of 85), 14 (4 of 180); 12 has only 20 days. Fresno: 08 and 13 (12 of 180)
    assert counts(cells, chronic, entity=("school", first)) == (0, 3)
    assert counts(cells, chronic, entity=("school", second)) == (1, 2)
    assert counts(cells, chronic, entity=("district", students.FRESNO)) == (1, 2)
    # 05 (60 of 180) and 08 (18 of 175), of all but 12
    assert counts(cells, chronic) == (2, 15)
    assert counts(cells, "mobility_rate") == (1, 16)
    assert counts(cells, "mobility_rate", entity=("school", first)) == (1, 4)
    # exactly 10% is chronic: 02 in grade 8 (18 of 180), beside 05 (50 of 180)
    assert counts(cells, chronic, year=students.COHORT - 1) == (2, 15)


def test_companions_of_the_golden_students(cells):
    """16: 0.5, 0.3 and 0.1 days; 05: 3 days. 09 arrives on census day, October 2, 2024; 12 in May."""
    assert counts(cells, "suspension_rate_any") == (2, 16)
    assert counts(cells, "suspension_rate_day") == (1, 16)
    assert counts(cells, "cumulative_enrollment") == (16, 16)
    assert counts(cells, "census_enrollment") == (15, 15)
    # 245 days: all but 08 (two schools), 09 (from October 2), 11 (until the middle of the year) and 12 (from May)
    assert counts(cells, "stability_rate") == (12, 16)
    assert counts(cells, "census_enrollment", rule_set="simple4_v1") == (15, 15)


def test_groups_of_the_golden_students(cells):
    """Every third is Hispanic, the others White; odd numbers are F. One of the students' districts names 08 not Hispanic, as the other."""
    hispanic, white = ("race_ethnicity", "HI"), ("race_ethnicity", "WH")
    assert counts(cells, "cumulative_enrollment", group=hispanic) == (5, 5)
    assert counts(cells, "cumulative_enrollment", group=white) == (11, 11)
    assert counts(cells, "movement_rate", basis="G8_EOY", group=("gender", "F")) == (2, 6)


def test_census_day():
    assert [companions.census_day(y) for y in (2024, 2025, 2026)] == [
        dt.date(2023, 10, 4),
        dt.date(2024, 10, 2),
        dt.date(2025, 10, 1),
    ]


@pytest.mark.parametrize(
    ("hispanic", "codes", "expected"),
    [
        (True, {"700"}, "HI"),
        (False, {"600", "700"}, "MR"),
        (False, {"400"}, "FI"),
        (False, {"400", "201"}, "AS"),
        (False, {"400", "700"}, "MR"),
        (None, set(), "NR"),
    ],
)
def test_v10_race(hispanic, codes, expected):
    assert groups.race_group(hispanic, codes) == expected


def test_language_is_of_any_day_in_the_year():
    """EL since August 2016, reclassified in March 2025; and to be determined, which is neither EL nor not EL."""
    day = dt.date
    spans = [
        groups.Program("1", "a", "EL_STATUS", "EL", day(2016, 8, 20), day(2025, 3, 9)),
        groups.Program("1", "a", "EL_STATUS", "RFEP", day(2025, 3, 10), day(9999, 12, 31)),
    ]
    language = {
        y: {c for t, c in groups._programs(spans, y, True) if t == "language"} for y in (2023, 2024, 2025, 2026)
    }
    assert language == {
        2023: {"EL", "EL_RFEP"},
        2024: {"EL", "EL_RFEP", "LTEL"},
        2025: {"EL", "RFEP", "EL_RFEP", "LTEL"},
        2026: {"RFEP", "EL_RFEP", "NOT_EL"},
    }
    tbd = [groups.Program("1", "a", "EL_STATUS", "TBD", day(2024, 8, 20), day(9999, 12, 31))]
    assert groups._programs(tbd, 2025, False) == {("language", "TBD")}
