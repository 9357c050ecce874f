"""Students of the next cohort about whom something became known late, or who changed district.

late: a ninth grader whom no freeze knew; corrected: other marks tonight than at the freeze; resolved: without SSID at the freeze;
removed: no ninth grader any more; running: the cohort of a year in which nothing is due; mover: changes district in December;
secondary: a second enrollment in the other district.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from tests.dbt_project.on_track.golden_rows import FIRST, SECOND, mark_measures, window
from tests.dbt_project.on_track.warehouse import SmallWarehouse
from tests.golden.students import COHORT

YEAR = COHORT + 1
PEOPLE = {
    name: f"91000000{n:02d}"
    for n, name in enumerate(("late", "corrected", "resolved", "removed", "running", "mover", "secondary"))
}
UNRESOLVED = f"{FIRST}:Lresolved"
CODES = ("T1", "EOY", "EOYS")
ALL_A, ALL_C = ["A A A A A A", "A A A A A A"], ["C C C B B B", "C C C B B B"]


def ninth(code: str, marks: list[str], **changes: Any) -> dict[str, Any]:
    """A window of the cohort's ninth-grade year with 97% attendance."""
    row = window("01", YEAR, code, mark_measures(marks, Fraction(5), True), "09", 180, 5, 0)
    return row | {"first_grade9_year": YEAR, "credits_due": 50, **changes}


def fill(w: SmallWarehouse) -> None:
    """Adds them to a warehouse whose calendar is filled."""
    add_people(w)
    for code in CODES:
        freeze = f"{YEAR}_{code}"
        add_window(w, ["current"], "late", ninth(code, ALL_A))
        add_window(w, ["current"], "corrected", ninth(code, ALL_C))
        add_window(w, [freeze], "corrected", ninth(code, ALL_A))
        add_window(w, ["current"], "resolved", ninth(code, ALL_A))
        w.insert("harmonized.student_window", [ninth(code, ALL_A) | {"vantage": freeze, "person_id": UNRESOLVED}])
        add_window(w, [freeze], "removed", ninth(code, ALL_A))
        second = {"district_code": SECOND, "school_code": f"{SECOND}0110002"}
        add_window(w, ["current", freeze], "mover", ninth(code, ALL_A, **({} if code == "T1" else second)))
        add_window(w, ["current", freeze], "secondary", ninth(code, ALL_A))
    eighth = window("01", YEAR, "EOY", mark_measures(ALL_A, Fraction(5), True), "08", 180, 5, 0)
    add_window(w, ["current", f"{YEAR}_EOY"], "running", eighth)


def add_window(w: SmallWarehouse, vantages: list[str], name: str, row: dict[str, Any]) -> None:
    """The row for a person at each vantage."""
    w.insert("harmonized.student_window", [row | {"vantage": v, "person_id": PEOPLE[name]} for v in vantages])


def add_people(w: SmallWarehouse) -> None:
    """Identities at every vantage, and enrollments, marks and incidents as known tonight."""
    vantages = ["current", *(f"{y}_{c}" for y in (YEAR - 2, YEAR - 1, YEAR) for c in CODES)]
    for n, (name, person) in enumerate(PEOPLE.items(), 90):
        w.insert("harmonized.student", [{"person_id": person, "student_key": f"s_{n:024x}", "ssid": person, "first_grade9_year": YEAR + (name == "running")}])  # fmt: skip
        for vantage in vantages:
            then = UNRESOLVED if name == "resolved" and vantage != "current" else person
            w.insert("harmonized.student_local", [{"vantage": vantage, "district_code": FIRST, "local_student_id": f"L{name}", "person_id": then}])  # fmt: skip
    for name in ("late", "corrected", "resolved", "secondary"):
        enroll(w, name, FIRST, "09", dt.date(YEAR - 1, 8, 14), None)
    enroll(w, "removed", FIRST, "10", dt.date(YEAR - 1, 8, 14), None)
    enroll(w, "running", FIRST, "09", dt.date(YEAR, 8, 14), None)
    enroll(
        w,
        "secondary",
        SECOND,
        "09",
        dt.date(YEAR - 1, 9, 1),
        dt.date(YEAR - 1, 10, 30),
        status="20",
        is_primary=False,
        exit_reason="T160",
    )
    enroll(w, "mover", FIRST, "09", dt.date(YEAR - 1, 8, 14), dt.date(YEAR - 1, 12, 19), exit_reason="T160")
    enroll(w, "mover", SECOND, "09", dt.date(YEAR, 1, 7), None)
    for section, district, start in (("before", FIRST, dt.date(YEAR - 1, 8, 14)), ("after", SECOND, dt.date(YEAR, 1, 7)),
                                     ("summer", FIRST, dt.date(YEAR, 6, 20))):  # fmt: skip
        w.insert("harmonized.course_mark", [
            {"vantage": "current", "person_id": PEOPLE["mover"], "district_code": district, "school_code": f"{district}0110002", "school_year": YEAR,
             "term_code": "S1", "section_id": section, "term_start": start}])  # fmt: skip
    for district, day in ((FIRST, dt.date(YEAR - 1, 10, 1)), (SECOND, dt.date(YEAR, 3, 1))):
        w.insert("harmonized.incident", [
            {"vantage": "current", "person_id": PEOPLE["mover"], "incident_id": "I1", "district_code": district, "school_year": YEAR,
             "school_code": f"{district}0110002", "incident_date": day, "suspension_type": "OSS"}])  # fmt: skip


def enroll(w: SmallWarehouse, name: str, district: str, grade: str, entry: dt.date, last: dt.date | None, status: str = "10",
           is_primary: bool = True, exit_reason: str | None = None) -> None:  # fmt: skip
    """One enrollment as known tonight."""
    w.insert("harmonized.enrollment", [
        {"vantage": "current", "person_id": PEOPLE[name], "district_code": district, "local_student_id": f"L{name}", "school_code": f"{district}0110002",
         "school_year": entry.year + (entry.month >= 7), "grade_level": grade, "entry_date": entry, "exit_date": last, "exit_reason": exit_reason,
         "enrollment_status": status, "is_primary": is_primary}])  # fmt: skip
