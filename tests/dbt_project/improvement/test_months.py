"""When a month closes and what it then holds: two districts in a few rows, read on three nights, counted by hand.

Everybody is in grade 9 and the month is September 2024: 20 school days from the 3rd on. The first district has 12 students
in one school, one of whom moves to another in the middle of the month; the second has 11. Late rows: see ROWS.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import duckdb
import pytest

from tests.dbt_project.harmonized.warehouse import canonical_columns
from tests.support.whole_warehouse import NOT_BUILT, WholeWarehouse

YEAR = 2025
FIRST, SECOND = "1111111", "2222222"
HIGH, OTHER, FAR = f"{FIRST}0000001", f"{FIRST}0000002", f"{SECOND}0000001"
SENT, IN_TIME, LATE = dt.date(2024, 10, 3), dt.date(2024, 10, 8), dt.date(2024, 10, 12)
START = dt.date(2024, 9, 1)
NIGHTS = ["2024-10-05", "2024-10-10", "2024-12-10"]


def september(day: int) -> dt.date:
    return dt.date(2024, 9, day)


def weekdays(first: dt.date, last: dt.date) -> list[dt.date]:
    days = [first + dt.timedelta(n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5]


def known(since: dt.date, until: dt.date | None = None) -> dict[str, Any]:
    return {"known_from": since, "known_to": until}


def enrolled(student: str, school: str, entry: int = 3, exit_day: int | None = None, **more: Any) -> dict[str, Any]:
    return {"district_code": school[:7], "local_student_id": student, "school_code": school, "school_year": YEAR,
        "grade_level": "09", "entry_date": september(entry), "exit_date": september(exit_day) if exit_day else None,
        "enrollment_status": "10", **known(START), **more}  # fmt: skip


def absent(student: str, day: dt.date, school: str = HIGH, **more: Any) -> dict[str, Any]:
    return {"district_code": school[:7], "local_student_id": student, "school_code": school, "school_year": YEAR,
        "calendar_date": day, "category": "unexcused", **more}  # fmt: skip


ROWS: dict[str, list[dict[str, Any]]] = {
    "school": [
        {"district_code": school[:7], "school_code": school, "school_year": YEAR, "school_type": "high", "low_grade": "09",
         "high_grade": "12", "is_reporting": True, **known(START)}
        for school in (HIGH, OTHER, FAR)
    ],
    "term": [
        {"district_code": school[:7], "school_code": school, "school_year": YEAR, "term_code": "S1", "term_kind": "semester",
         "start_date": september(3), "end_date": dt.date(2024, 12, 20), "is_credit_bearing": True, **known(START)}
        for school in (HIGH, OTHER, FAR)
    ],
    "calendar_day": [
        {"district_code": school[:7], "school_code": school, "school_year": YEAR, "calendar_date": day, **known(START)}
        for school in (HIGH, OTHER, FAR)
        for day in weekdays(september(3), september(30)) + (weekdays(dt.date(2024, 10, 1), dt.date(2024, 10, 31))
            if school != FAR else
            # ten school days in October, eleven in November
            weekdays(dt.date(2024, 10, 1), dt.date(2024, 10, 14)) + weekdays(dt.date(2024, 11, 1), dt.date(2024, 11, 15)))
    ],
    "enrollment": [
        *(enrolled(f"s{n:02d}", HIGH) for n in (1, 2, 3, 4, 6, 8, 9, 10, 11, 12)),
        # left on the 13th, which the district said after the month had closed
        enrolled("s05", HIGH, **known(START, LATE)),
        enrolled("s05", HIGH, exit_day=13, **known(LATE)),
        enrolled("s07", HIGH, exit_day=13),
        enrolled("s07", OTHER, entry=16),
        # was there all along, which nobody had said
        enrolled("s13", HIGH, **known(LATE)),
        *(enrolled(f"t{n:02d}", FAR) for n in range(1, 12)),
        # neither a ninth grader nor somebody with days
        enrolled("s14", HIGH, grade_level="10"),
        enrolled("s15", HIGH, enrollment_status="20"),
    ],
    "attendance_event": [
        absent("s06", september(17), **known(dt.date(2024, 9, 18))),
        absent("s01", september(5), **known(SENT)),
        # taken back after the close: the closed month keeps it
        absent("s02", september(6), **known(SENT, LATE)),
        absent("s03", september(9), **known(IN_TIME)),
        absent("s04", september(10), **known(LATE)),
        # on a Saturday, at a school that the student had left, and of somebody in grade 10
        absent("s01", september(7), **known(SENT)),
        absent("s07", september(17), **known(SENT)),
        absent("s14", september(9), **known(SENT)),
        # of October one day was sent at once, the others come in December
        absent("s06", dt.date(2024, 10, 2), **known(SENT)),
        *(absent("s01", dt.date(2024, 10, day), **known(dt.date(2024, 12, 5))) for day in (1, 2, 3)),
        absent("t01", september(4), FAR, **known(dt.date(2024, 10, 20))),
        absent("t01", september(5), FAR, **known(dt.date(2024, 10, 20))),
        absent("t02", dt.date(2024, 10, 3), FAR, **known(dt.date(2024, 10, 21))),
        *(absent("t02", dt.date(2024, 11, day), FAR, **known(dt.date(2024, 12, 5))) for day in (4, 5)),
    ],
}  # fmt: skip


def fill(warehouse: WholeWarehouse, night: dt.date) -> None:
    """The rows as a run on that night would find them."""
    with duckdb.connect(str(warehouse.path)) as con:
        con.execute("update raw.run set as_of = ?", [night])
        for entity in canonical_columns():
            con.execute(f"delete from harmonized.canon_{entity}")
    warehouse.load({
        entity: [{**row, "known_to": row["known_to"] if row["known_to"] and row["known_to"] <= night else None}
                 for row in rows if row["known_from"] <= night]
        for entity, rows in ROWS.items()
    })  # fmt: skip


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[tuple[str, str, str], tuple[float, int, bool]]]:
    """By night: (measure, entity, month) -> numerator, n, settled, before anything is hidden."""
    warehouse = WholeWarehouse(tmp_path_factory.mktemp("months"), dt.date.fromisoformat(NIGHTS[0]))
    for code in (FIRST, SECOND):
        warehouse.district(code)
    found: dict[str, dict[tuple[str, str, str], Any]] = {}
    for night in NIGHTS:
        fill(warehouse, dt.date.fromisoformat(night))
        # the tables before the series hold the same on every night
        models = ["series_period+"] if found else ["resource_type:seed", "+series_cell"]
        left_out = ["series_suppression_cell+", "public_series_point+", "focus_measure+"]
        warehouse.dbt("build", "--quiet", "--select", *models, "--exclude", *NOT_BUILT, *left_out)
        found[night] = {
            (row["measure_code"], row["entity_code"], row["period_label"]): (
                row["numerator"] / (2520 if row["measure_code"] == "attendance_month" else 1),
                row["n"] // (2520 if row["measure_code"] == "attendance_month" else 1),
                row["is_settled"],
            )
            for row in warehouse.rows("select * from improvement.series_cell where group_code = 'ALL'")
        }
        found[night] |= {
            ("through", row["district_code"], row["period_code"]): row["to_date"]
            for row in warehouse.rows("select * from improvement.series_period where period_kind = 'month'")
        }
        found[night] |= {
            ("closes", row["district_code"], row["period_code"]): (row["closes_on"], row["known_on"], row["is_closed"])
            for row in warehouse.rows("select * from improvement.series_period where period_kind = 'month'")
        }
    return found


ATTENDANCE = [
    # over, but open: as known tonight
    ("2024-10-05", FIRST, (12 * 20 - 3, 12 * 20, False)),
    # closed: with what came within ten days
    ("2024-10-10", FIRST, (12 * 20 - 4, 12 * 20, True)),
    # and what comes later changes nothing
    ("2024-12-10", FIRST, (12 * 20 - 4, 12 * 20, True)),
    # a student counts at the school of the last day in the month, with all days
    ("2024-10-10", HIGH, (11 * 20 - 4, 11 * 20, True)),
    ("2024-10-10", OTHER, (20, 20, True)),
    # the second district sent its absences on October 20
    ("2024-12-10", SECOND, (11 * 20 - 2, 11 * 20, True)),
    # so the collaborative is settled only then
    ("2024-10-10", "CORE", (12 * 20 - 4, 12 * 20, False)),
    ("2024-12-10", "CORE", (23 * 20 - 6, 23 * 20, True)),
]


@pytest.mark.parametrize(("night", "entity", "expected"), ATTENDANCE)
def test_a_month_holds_what_was_known_when_it_closed(night, entity, expected, nights):
    assert nights[night]["attendance_month", entity, "2024-09"] == expected


def test_a_month_of_which_nothing_was_sent_yet_has_no_row(nights):
    assert ("attendance_month", SECOND, "2024-09") not in nights["2024-10-10"]


def test_a_month_with_ten_school_days_or_fewer_is_no_point(nights):
    """Neither a running one, of which two days were sent, nor one that is over and closed."""
    for measure in ("attendance_month", "absent_10_month"):
        assert (measure, FIRST, "2024-10") not in nights["2024-10-05"]
        assert (measure, SECOND, "2024-10") not in nights["2024-12-10"]
    assert nights["2024-12-10"]["closes", SECOND, "2024-10"] == (dt.date(2024, 11, 10), dt.date(2024, 11, 10), True)
    # the network's figure is of the other district, and waits for nobody
    assert nights["2024-12-10"]["attendance_month", "CORE", "2024-10"] == (12 * 23 - 4, 12 * 23, True)
    # eleven days are enough: two of eleven are more than a tenth
    assert nights["2024-12-10"]["attendance_month", SECOND, "2024-11"] == (11 * 11 - 2, 11 * 11, True)
    assert nights["2024-12-10"]["absent_10_month", SECOND, "2024-11"] == (1, 11, True)


def test_a_running_month_ends_with_the_last_day_of_which_anything_was_sent(nights):
    assert nights["2024-10-10"]["closes", FIRST, "2024-10"][2] is False
    assert nights["2024-10-10"]["through", FIRST, "2024-10"] == dt.date(2024, 10, 2)


def test_a_month_sent_late_closes_with_its_delivery(nights):
    """October as known on December 5: s05 is gone, s13 is there."""
    assert nights["2024-12-10"]["closes", FIRST, "2024-10"] == (dt.date(2024, 12, 5), dt.date(2024, 12, 5), True)
    assert nights["2024-12-10"]["attendance_month", FIRST, "2024-10"] == (12 * 23 - 4, 12 * 23, True)
    assert nights["2024-12-10"]["absent_10_month", FIRST, "2024-10"] == (1, 12, True)


def test_when_a_month_falls_due_is_known_beforehand(nights):
    """That is what makes a night news on which nothing was sent."""
    assert nights["2024-10-05"]["closes", FIRST, "2024-10"] == (None, None, False)
    assert nights["2024-10-05"]["closes", FIRST, "2024-09"] == (dt.date(2024, 10, 10), None, False)
    assert nights["2024-10-10"]["closes", FIRST, "2024-09"] == (dt.date(2024, 10, 10), dt.date(2024, 10, 10), True)


def test_a_tenth_of_days_is_asked_of_students_with_more_than_ten(nights):
    assert nights["2024-10-10"]["absent_10_month", FIRST, "2024-09"] == (0, 12, True)
    assert nights["2024-12-10"]["absent_10_month", SECOND, "2024-09"] == (1, 11, True)
