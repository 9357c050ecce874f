"""Two made-up districts and the rows that a case is made of.

Both have one calendar (180 days, semesters of 90): NORTH sends all feeds, SOUTH no discipline file and attendance by six
periods under the rule `fraction`. Year 2025 is grade 9 unless a case says otherwise.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.golden.students import calendar

NORTH, SOUTH = "9900001", "9900002"
YEAR, SENT = 2025, dt.date(2025, 6, 25)
DAYS = {year: calendar(year) for year in (2023, 2024, 2025)}
STATE_CODE = {"ENG": "2130", "ALG": "2403", "BIO": "2603", "HIS": "2711", "SPA": "2206", "ART": "2823", "PED": "2514"}


def school(district: str, kind: str = "high") -> str:
    """CDS code of a made-up school."""
    return district + {"middle": "0000001", "high": "0000002", "second": "0000003", "court": "0000004"}[kind]


def day(n: int, year: int = YEAR) -> dt.date:
    """The n-th instructional day of a year, from 1."""
    return DAYS[year][n - 1]


class Cases:
    """Canonical rows by entity."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {}
        for district in (NORTH, SOUTH):
            self.places(district)

    def places(self, district: str) -> None:
        """Schools, terms and calendars of a district, all years."""
        for year in DAYS:
            for kind, low, high in (
                ("middle", "06", "08"),
                ("high", "09", "12"),
                ("second", "09", "12"),
                ("court", "07", "12"),
            ):
                self._school(district, kind, low, high, year)

    def add(self, entity: str, **columns: Any) -> None:
        """One row, known from SENT on unless stated."""
        self.rows.setdefault(entity, []).append({"known_from": SENT, "known_to": None, **columns})

    def _school(self, district: str, kind: str, low: str, high: str, year: int) -> None:
        code = school(district, kind)
        self.add("school", district_code=district, school_code=code, school_year=year, local_school_code=code[-3:],
            school_name=f"Made-up {kind}", school_type="middle" if kind == "middle" else "high", low_grade=low,
            high_grade=high, is_reporting=kind != "court", staff_count=10)  # fmt: skip
        for term, first, last in (("S1", 1, 90), ("S2", 91, 180)):
            self.add("term", district_code=district, school_code=code, school_year=year, term_code=term, term_kind="semester",
                start_date=day(first, year), end_date=day(last, year), is_credit_bearing=True)  # fmt: skip
        self.add("term", district_code=district, school_code=code, school_year=year, term_code="SS", term_kind="summer",
            start_date=dt.date(year, 6, 25), end_date=dt.date(year, 7, 25), is_credit_bearing=True)  # fmt: skip
        for n, date in enumerate(DAYS[year], 1):
            self.add("calendar_day", district_code=district, school_code=code, school_year=year, calendar_date=date,
                day_number=n, n_periods=6 if district == SOUTH else None)  # fmt: skip

    def student(self, name: str, district: str = NORTH, ssid: str | None = "", **columns: Any) -> None:
        """A student; the local id is the name, the SSID follows from it unless stated."""
        made_up = f"8{sum(ord(c) * 31**n for n, c in enumerate(name)) % 10**9:09d}"
        self.add("student", district_code=district, local_student_id=name, **{
            "ssid": made_up if ssid == "" else ssid, "birth_date": dt.date(2010, 5, 5), "gender": "F", "is_hispanic": False,
            "race_codes": "700", "first_grade9_year": None, **columns})  # fmt: skip

    def enroll(self, name: str, first: int = 1, last: int | None = 180, *, district: str = NORTH, kind: str = "high",
               year: int = YEAR, grade: str = "09", status: str = "10", reason: str | None = "E155", **columns: Any) -> None:  # fmt: skip
        """An enrollment from one instructional day to another (None: open)."""
        self.add("enrollment", district_code=district, local_student_id=name, school_code=school(district, kind),
            school_year=year, grade_level=grade, **{"entry_date": day(first, year),
            "exit_date": None if last is None else day(last, year), "exit_reason": None if last is None else reason,
            "enrollment_status": status, **columns})  # fmt: skip

    def mark(self, name: str, course: str, term: str, mark: str | None, attempted: float | None = 5, earned: float | None = -1,
             *, district: str = NORTH, kind: str = "high", year: int = YEAR, grade: str | None = "09", section: str = "",
             **columns: Any) -> None:  # fmt: skip
        """A final mark; credits earned follow from the mark unless stated."""
        passes = mark is not None and (mark[0] in "ABCD" or mark == "P")
        if earned == -1:
            earned = attempted if passes else None if attempted is None else 0
        self.add("course_mark", district_code=district, local_student_id=name, school_year=year, term_code=term,
            course_name=course, is_ag=course != "PED", grade_level_taken=grade, mark=mark, credits_attempted=attempted,
            credits_earned=earned, is_final=True, **{"school_code": school(district, kind),
            "section_id": f"{course}-{term}{section}", "course_code": course, "state_course_code": STATE_CODE.get(course),
            "mark_raw": mark, "posted_date": None, "is_transfer": False, "is_repeat": False, **columns})  # fmt: skip

    def marks(self, name: str, terms: str = "S1 S2", mark: str = "B", **columns: Any) -> None:
        """Six courses with one mark in each term."""
        for term in terms.split():
            for course in ("ENG", "ALG", "BIO", "HIS", "SPA", "PED"):
                self.mark(name, course, term, mark, **columns)

    def absent(self, name: str, days: list[int], category: str = "unexcused", *, district: str = NORTH, kind: str = "high",
               year: int = YEAR, periods: int | None = None, **columns: Any) -> None:  # fmt: skip
        """Absences on instructional days, of whole days or of the first periods."""
        for n in days:
            for period in [None] if periods is None else [str(p) for p in range(1, periods + 1)]:
                self.add("attendance_event", district_code=district, local_student_id=name, school_code=school(district, kind),
                    school_year=year, calendar_date=day(n, year), period=period, category=category, **columns)  # fmt: skip

    def incident(self, name: str, on: dt.date, kind: str | None, length: float | None, *, district: str = NORTH,
                 number: str = "1", **columns: Any) -> None:  # fmt: skip
        """An incident with or without removal."""
        self.add("incident", district_code=district, local_student_id=name, school_code=school(district), school_year=YEAR,
            incident_id=f"{name}-{number}", incident_date=on, suspension_type=kind, suspension_days=length, **columns)  # fmt: skip

    def program(self, name: str, program: str, value: str, start: dt.date | None, end: dt.date | None = None,
                district: str = NORTH, **columns: Any) -> None:  # fmt: skip
        """A program span."""
        self.add("student_program", district_code=district, local_student_id=name, program=program, value=value,
            start_date=start, end_date=end, **columns)  # fmt: skip
