"""Days, spans and incidents for the state-aligned companions, in the golden students' grade-9 year.

The golden students but 08 (and 12, who has 20 days) are at the first district's high school for the whole year with the
days of the fixture. `MOVER` has the days of golden student 08: 85 and 6 absent there, then 90 and 12 in the second district.
The second district sent no discipline file.
"""

from __future__ import annotations

import datetime as dt

from tests.dbt_project.on_track.golden_rows import FIRST, SECOND, person
from tests.dbt_project.on_track.warehouse import SmallWarehouse
from tests.golden.students import COHORT, FIXTURE

MOVER = "9200000001"
SCHOOL = {district: f"{district}0110002" for district in (FIRST, SECOND)}
START, END = dt.date(COHORT - 1, 8, 14), dt.date(COHORT, 6, 5)


def fill(w: SmallWarehouse) -> None:
    """Adds them to a warehouse whose calendar and golden students are filled."""
    w.insert("harmonized.feed_coverage", [
        {"vantage": "current", "district_code": district, "school_year": COHORT, "feed": "discipline", "is_available": district == FIRST}
        for district in (FIRST, SECOND)])  # fmt: skip
    for line in FIXTURE.strip().splitlines():
        student, *_, expected, absent, _ = line.split(",")
        span(w, person(student), FIRST, START, END)
        if student != "08":
            days(w, person(student), FIRST, int(expected), int(absent))
    for district, first, last, expected, absent in (
        (FIRST, START, dt.date(COHORT - 1, 12, 20), 85, 6),
        (SECOND, dt.date(COHORT, 1, 7), END, 90, 12),
    ):
        # grade 11: in no cohort, and in every companion
        w.insert("harmonized.enrollment", [
            {"vantage": "current", "person_id": MOVER, "district_code": district, "local_student_id": "Lmover11", "school_code": SCHOOL[district],
             "school_year": COHORT, "grade_level": "11", "entry_date": first, "exit_date": last, "exit_reason": "T160", "enrollment_status": "10",
             "is_primary": True}])  # fmt: skip
        span(w, MOVER, district, first, last)
        days(w, MOVER, district, expected, absent)
    for number, length in enumerate((0.5, 0.3, 0.1)):
        w.insert("harmonized.incident", [
            {"vantage": "current", "person_id": MOVER, "incident_id": f"M{number}", "district_code": FIRST, "school_code": SCHOOL[FIRST],
             "school_year": COHORT, "incident_date": START, "suspension_type": "OSS", "suspension_days": length}])  # fmt: skip


def span(w: SmallWarehouse, person_id: str, district: str, first: dt.date, last: dt.date) -> None:
    """Days that an enrollment keeps after overlaps are resolved."""
    w.insert("harmonized.int_enrollment_span", [
        {"vantage": "current", "person_id": person_id, "district_code": district, "school_code": SCHOOL[district], "school_year": COHORT,
         "entry_date": first, "from_date": first, "to_date": last, "is_owned": True}])  # fmt: skip


def days(w: SmallWarehouse, person_id: str, district: str, expected: int, absent: int) -> None:
    """Days of the year at the district's school."""
    w.insert("harmonized.attendance_term", [
        {"vantage": "current", "person_id": person_id, "district_code": district, "school_code": SCHOOL[district], "school_year": COHORT,
         "term_code": "FY", "days_expected": expected, "days_absent": absent}])  # fmt: skip
