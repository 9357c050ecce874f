"""Enrollment, attribution, days and discipline (domain.md 2, 3.2-3.4, 5), on the students of cases.py; expectations worked by hand."""

from __future__ import annotations

import pytest

from tests.dbt_project.harmonized.look import person, window
from tests.dbt_project.harmonized.made_up import NORTH, SOUTH, school
from tests.dbt_project.harmonized.warehouse import Warehouse


def test_no_show_is_no_enrollment(warehouse: Warehouse) -> None:
    rows = warehouse.rows("select 1 from harmonized.enrollment where person_id = ?", person(warehouse, "no_show"))
    assert rows == []


def test_visitor_of_one_day_is_a_first_time_ninth_grader(warehouse: Warehouse) -> None:
    row = window(warehouse, "visitor")
    assert (row["is_first_time_grade9"], row["is_enrolled_on_as_of"], row["days_expected"]) == (True, False, 1)
    assert (row["district_code"], row["school_code"]) == (None, None)


@pytest.mark.parametrize(
    ("name", "expected", "absent", "kind", "primaries"),
    [
        ("secondary", 180, 0, "high", 1),
        ("overlap", 180, 2, "second", 2),  # the absences of days 105 and 106 are at the school that lost them
        ("swallowed", 180, 0, "high", 1),
        ("tie", 180, 0, "second", 1),
        ("short", 180, 0, "high", 1),
        ("long_short", 60, 0, "high", 1),
    ],
)
def test_a_day_belongs_to_one_enrollment(
    warehouse: Warehouse, name: str, expected: int, absent: int, kind: str, primaries: int
) -> None:
    row = window(warehouse, name)
    assert (row["days_expected"], row["days_absent"], row["school_code"]) == (expected, absent, school(NORTH, kind))
    found = warehouse.rows(
        "select count(*) filter (where is_primary) as n, sum(days_expected) as days from harmonized.enrollment "
        "where vantage = 'current' and person_id = ?", person(warehouse, name))  # fmt: skip
    assert [(r["n"], r["days"]) for r in found] == [(primaries, expected)]


def test_lost_days_are_shown_by_term(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select school_code, term_code, days_expected, days_overlap_removed from harmonized.attendance_term "
        "where vantage = 'current' and person_id = ? order by all", person(warehouse, "overlap"))  # fmt: skip
    assert [(r["school_code"][-1], r["term_code"], r["days_expected"], r["days_overlap_removed"]) for r in rows] == [
        ("2", "S1", 90, 0), ("2", "S2", 10, 10), ("3", "S2", 80, 0)]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "enrolled", "district", "kind"),
    [
        ("early_exit", True, NORTH, "high"),
        ("left_early", False, NORTH, "high"),
        ("leaver", False, NORTH, "high"),  # the last school had 16 days
        ("late_move", True, NORTH, None),
        ("court", True, NORTH, None),
    ],
)
def test_who_is_credited(warehouse: Warehouse, name: str, enrolled: bool, district: str, kind: str | None) -> None:
    row = window(warehouse, name)
    assert (row["is_enrolled_on_as_of"], row["district_code"]) == (enrolled, district)
    assert row["school_code"] == (school(NORTH, kind) if kind else None)


def test_grade_on_as_of_and_cohort(warehouse: Warehouse) -> None:
    row = window(warehouse, "regraded")
    assert (row["grade_level"], row["has_grade9_primary"], row["is_first_time_grade9"]) == ("10", True, True)
    assert window(warehouse, "regraded", "T1")["grade_level"] == "09"
    repeater = window(warehouse, "repeater")
    assert (repeater["is_first_time_grade9"], repeater["first_grade9_year"], repeater["first_grade9_source"]) == (
        False, 2024, "enrollment")  # fmt: skip
    told = window(warehouse, "told")
    assert (told["is_first_time_grade9"], told["first_grade9_year"], told["first_grade9_source"]) == (
        False,
        2023,
        "district",
    )


def test_absent_is_excused_unexcused_suspended_or_non_ada(warehouse: Warehouse) -> None:
    row = warehouse.rows(
        "select days_absent, days_excused, days_unexcused, days_oss, days_iss, days_is_nonada, days_expected, attendance_rate "
        "from harmonized.attendance_term where vantage = 'current' and person_id = ? and term_code = 'S1'",
        person(warehouse, "categories"))  # fmt: skip
    assert list(row[0].values())[:7] == [4, 1, 1, 1, 1, 1, 90]
    assert row[0]["attendance_rate"] == pytest.approx(86 / 90)


def test_a_day_with_two_rows_has_one_category(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select sum(days_absent) as a, sum(days_oss) as o from harmonized.attendance_term where vantage = 'current' "
        "and person_id = ?", person(warehouse, "doubled"))  # fmt: skip
    assert [(r["a"], r["o"]) for r in rows] == [(1, 1)]


def test_an_absence_on_no_school_day_does_not_count(warehouse: Warehouse) -> None:
    assert window(warehouse, "weekend")["days_absent"] == 0


def test_fractions_of_a_day(warehouse: Warehouse) -> None:
    row = window(warehouse, "periods_fraction")
    assert float(row["days_absent"]) == pytest.approx(1 / 3 + 1 + 1, abs=1e-11)


def test_suspensions_up_to_as_of(warehouse: Warehouse) -> None:
    row = window(warehouse, "suspended")
    assert (row["n_suspensions"], row["n_oss_suspensions"], float(row["suspension_days"])) == (3, 1, 7.0)
    assert window(warehouse, "suspended", "T1")["n_suspensions"] == 2
    assert window(warehouse, "after")["n_suspensions"] == 0
    assert window(warehouse, "after", "EOYS")["n_suspensions"] == 0


def test_unknown_discipline_is_never_zero(warehouse: Warehouse) -> None:
    row = window(warehouse, "unknown")
    assert (row["n_suspensions"], row["suspension_days"], row["is_discipline_known"]) == (None, None, False)
    assert row["partial_inputs"] == ["discipline"]


def test_a_suspension_on_record_anywhere_wins(warehouse: Warehouse) -> None:
    row = window(warehouse, "moved_in")
    assert (row["n_suspensions"], row["is_discipline_known"], row["partial_inputs"]) == (1, True, ["discipline"])


def test_coverage_tells_no_file_from_no_rows(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select district_code, feed from harmonized.feed_coverage where vantage = 'current' and school_year = 2025 "
        "and district_code in (?, ?) and not is_available", NORTH, SOUTH)  # fmt: skip
    assert [(r["district_code"], r["feed"]) for r in rows] == [(SOUTH, "discipline")]
