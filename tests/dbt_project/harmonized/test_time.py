"""Freezes, and the shape of the tables (domain.md 2), on the students of cases.py; expectations worked by hand."""

from __future__ import annotations

import pytest

from tests.dbt_project.harmonized.look import person, window
from tests.dbt_project.harmonized.warehouse import Warehouse


def test_a_freeze_sees_what_was_known(warehouse: Warehouse) -> None:
    frozen, tonight = window(warehouse, "corrected", vantage="2025_EOY"), window(warehouse, "corrected")
    assert (frozen["days_absent"], tonight["days_absent"]) == (2, 3)
    assert (frozen["credits_graded"], frozen["credits_earned"]) == (60, 60)
    assert (tonight["credits_graded"], tonight["credits_earned"]) == (65, 65)


def test_summer_window_has_the_days_of_the_year_end_and_new_marks(warehouse: Warehouse) -> None:
    row = window(warehouse, "corrected", "EOYS", vantage="2025_EOYS")
    assert (row["days_absent"], row["credits_graded"], row["as_of"].isoformat()) == (2, 65, "2025-08-31")


def test_who_comes_later_is_in_no_earlier_freeze(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select vantage from harmonized.student_window where person_id = ? and school_year = 2025 order by all",
        person(warehouse, "latecomer"),
    )
    assert {r["vantage"] for r in rows} == {"current"}


def test_freezes_of_the_network(warehouse: Warehouse) -> None:
    # the last of 180 days is May 6, 2025, the last of the first 90 December 17 (85 in one district); + 45 and + 30 days
    rows = warehouse.rows(
        "select window_code, freeze_date::varchar as d from harmonized.int_freeze where school_year = 2025 order by 1"
    )
    assert [(r["window_code"], r["d"]) for r in rows] == [
        ("EOY", "2025-06-20"),
        ("EOYS", "2025-08-31"),
        ("T1", "2025-01-16"),
    ]


@pytest.mark.parametrize(
    ("table", "grain"),
    [
        ("int_vantage", "vantage, district_code"),
        ("int_window", "vantage, district_code, school_year, window_code"),
        ("student", "person_id"),
        ("student_local", "vantage, district_code, local_student_id"),
        ("enrollment", "vantage, person_id, school_code, entry_date"),
        ("course_mark", "vantage, person_id, school_code, school_year, section_id, term_code"),
        ("attendance_term", "vantage, person_id, school_code, school_year, term_code"),
        ("incident", "vantage, person_id, district_code, incident_id"),
        ("feed_coverage", "vantage, district_code, school_year, feed"),
        ("student_group_year", "person_id, school_year, group_type, group_code"),
        ("student_term", "person_id, school_year, term_code, district_code, school_code"),
        ("student_window", "vantage, person_id, school_year, window_code"),
    ],
)
def test_grain(warehouse: Warehouse, table: str, grain: str) -> None:
    assert warehouse.rows(f"select count(*) as n from harmonized.{table}")[0]["n"] > 0
    assert warehouse.rows(f"select {grain} from harmonized.{table} group by all having count(*) > 1") == []


def test_days_of_terms_windows_and_enrollments_agree(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        """
        with terms as (select vantage, person_id, school_year, sum(days_expected) as d, sum(days_absent) as a
                       from harmonized.attendance_term group by all),
             stays as (select vantage, person_id, school_year, sum(days_expected) as d from harmonized.enrollment group by all)
        select count(*) as n, count(*) filter (where w.days_expected <> t.d or w.days_absent <> t.a or w.days_expected <> s.d) as bad
        from harmonized.student_window as w
        join terms as t using (vantage, person_id, school_year)
        join stays as s using (vantage, person_id, school_year)
        where w.window_code = 'EOY'
        """
    )
    assert rows[0]["n"] > 100
    assert rows[0]["bad"] == 0
