"""A district of a few students, written by hand: every kind of row and every way in which one changes between deliveries.

For round trips of any system with semesters: what differs is the mark as sent, periods and quarters.
Three deliveries of school year 2025 and one of 2026; a row is known from one of them until another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import duckdb

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import canonical_columns

FIRST, SECOND, THIRD, NEXT_YEAR = (
    dt.date(2025, 1, 10),
    dt.date(2025, 6, 20),
    dt.date(2025, 8, 21),
    dt.date(2025, 10, 13),
)
MIDDLE, HIGH, NON_PUBLIC = "6000011", "3000022", "0000001"


def plans(district: str, district_code: str) -> list[DeliveryPlan]:
    """The four deliveries."""
    found: list[DeliveryPlan] = []
    for date, kind, years in (
        (FIRST, "initial", (2025,)),
        (SECOND, "update", (2025,)),
        (THIRD, "correction", (2025,)),
        (NEXT_YEAR, "initial", (2026,)),
    ):
        found.append(
            DeliveryPlan(
                district=district,
                district_code=district_code,
                name=date.isoformat(),
                date=date,
                kind=kind,  # type: ignore[arg-type]
                school_years=years,
                attendance_through=date,
                previous=found[-1].date if found else None,
            )
        )
    return found


class District:
    """Adds rows to schema facts, for one district."""

    def __init__(self, con: duckdb.DuckDBPyConnection, code: str) -> None:
        self.con = con
        self.code = code

    def add(self, entity: str, since: dt.date = FIRST, until: dt.date | None = None, **values: Any) -> None:
        """One version of a row; columns that are not named are NULL, a 7-digit school gets the district in front."""
        values |= {"district_code": self.code, "known_from": since, "known_to": until}
        if "school_code" in values:
            values["school_code"] = self.code + values["school_code"]
        columns = [name for name, _ in canonical_columns()[entity]]
        assert set(values) <= set(columns), set(values) - set(columns)
        self.con.execute(
            f"insert into facts.{entity} ({', '.join(values)}) values ({', '.join('?' * len(values))})",
            list(values.values()),
        )

    def mark(self, student: str, section: str, term: str, raw: str, mark: str | None, **values: Any) -> None:
        """A final mark of grade 9 in the high school, with credits and a day unless said otherwise."""
        named = {
            "school_code": HIGH,
            "school_year": 2025,
            "course_code": "M0900",
            "state_course_code": "2437",
            "course_name": "ALGEBRA 1",
            "is_ag": True,
            "grade_level_taken": "09",
            "credits_attempted": 5,
            "credits_earned": 5,
            "is_final": True,
            "posted_date": dt.date(2025, 6, 12),
            "is_transfer": False,
            "is_repeat": False,
        } | values
        self.add(
            "course_mark",
            local_student_id=student,
            section_id=section,
            term_code=term,
            mark_raw=raw,
            mark=mark,
            **named,
        )

    def absent(self, student: str, day: str, category: str, periods: Sequence[str | None], **values: Any) -> None:
        """The same category in the given periods of a day at the high school."""
        named = {"school_code": HIGH, "school_year": 2025} | values
        for period in periods:
            self.add(
                "attendance_event",
                local_student_id=student,
                calendar_date=dt.date.fromisoformat(day),
                period=period,
                category=category,
                **named,
            )


def fill(
    con: duckdb.DuckDBPyConnection,
    code: str,
    *,
    marks: tuple[tuple[str, str], tuple[str, str], tuple[str, str]],
    periods: Sequence[str | None],
    quarters: bool,
) -> None:
    """All rows of the district. `marks`: three marks as (sent, mapped): a good one, an F, and one that is no letter."""
    district = District(con, code)
    _places(district, len(periods) if periods[0] else None, quarters)
    _people(district)
    _enrollments(district)
    _marks(district, marks)
    _attendance(district, periods)
    for student, number, kind, days, since in (
        ("1001", "I-1", "OSS", 0.5, FIRST),
        ("1001", "I-2", "ISS", 1, SECOND),
        ("1002", "I-2", "EXP", 20, SECOND),
        ("1003", "I-3", None, None, SECOND),
    ):
        district.add(
            "incident",
            since,
            local_student_id=student,
            school_code=HIGH,
            school_year=2025,
            incident_id=f"{code}-{number}",
            incident_date=dt.date(2024, 10, 3),
            suspension_type=kind,
            suspension_days=days,
        )


def _places(district: District, n_periods: int | None, quarters: bool) -> None:
    for year, since in ((2025, FIRST), (2026, NEXT_YEAR)):
        for school, number, name, kind, grades, staff in (
            (MIDDLE, "011", "Madrone Middle, North", "middle", ("06", "08"), 31),
            (HIGH, "022", 'Peña "Oak" High', "high", ("09", "12"), 80),
            (NON_PUBLIC, "900", "Non-public", "other", ("KN", "12"), None),
        ):
            plain = name.replace('"', "")
            district.add(
                "school",
                since,
                SECOND if (year, school) == (2025, HIGH) else None,
                school_code=school,
                school_year=year,
                local_school_code=number,
                school_name=plain,
                school_type=kind,
                low_grade=grades[0],
                high_grade=grades[1],
                is_reporting=school != NON_PUBLIC,
                staff_count=staff,
            )
            terms = [("S1", "semester", (8, 19), (12, 20), True), ("S2", "semester", (1, 6), (6, 12), True)]
            terms += [("SS", "summer", (6, 16), (7, 18), True)]
            if quarters:
                terms += [("Q1", "quarter", (8, 19), (10, 18), False), ("Q4", "quarter", (3, 31), (6, 12), False)]
            for term, term_kind, start, end, credit in terms:
                district.add(
                    "term",
                    since,
                    school_code=school,
                    school_year=year,
                    term_code=term,
                    term_kind=term_kind,
                    start_date=dt.date(year - (start[0] > 7), *start),
                    end_date=dt.date(year - (end[0] > 7), *end),
                    is_credit_bearing=credit,
                )
        for day in (19, 20, 21, 22, 23, 26, 27, 30):
            district.add(
                "calendar_day",
                since,
                THIRD if (year, day) == (2025, 30) else None,
                school_code=HIGH,
                school_year=year,
                calendar_date=dt.date(year - 1, 8, day),
                n_periods=n_periods,
            )
    # the high school has more staff from the second delivery on
    district.add(
        "school",
        SECOND,
        school_code=HIGH,
        school_year=2025,
        local_school_code="022",
        school_name="Peña Oak High",
        school_type="high",
        low_grade="09",
        high_grade="12",
        is_reporting=True,
        staff_count=81,
    )


def _people(district: District) -> None:
    names = [
        ("Ana", "O'Neil"),
        ("Bo", "Peña, Jr."),
        ("Cy", "Nguyễn"),
        ("Di", "Smith"),
        ("Eve", "Lee"),
        ("Flo", "Ng"),
        ("Gus", "Hall"),
    ]
    for n, (first, last) in enumerate(names, 1):
        ssid = f"90000000{n:02}"
        sent: dict[str, Any] = {"first_name": first, "last_name": last}
        person: dict[str, Any] = {
            "local_student_id": f"{1000 + n}",
            "ssid": ssid,
            "birth_date": dt.date(2010, n, 12 + n),
            "gender": "FMX"[n % 3],
            "is_hispanic": [True, False, None][n % 3],
            "race_codes": [None, "700", "201;600", "100;206;301;400;700"][n % 4],
            "first_grade9_year": 2025 if n % 2 else None,
        }
        if n == 3:  # the statewide id comes later
            district.add("student", FIRST, SECOND, **person | {"ssid": None}, **sent, ssid_sent="")
            district.add("student", SECOND, **person, **sent)
        elif n == 4:  # a birth date is corrected, and comes broken before
            district.add("student", FIRST, THIRD, **person | {"birth_date": None}, **sent, birth_date_sent="13/32/2010")
            district.add("student", THIRD, **person, **sent)
        elif n == 5:  # nine digits are no statewide id
            district.add("student", FIRST, **person | {"ssid": None}, **sent, ssid_sent="123456789")
        else:
            district.add("student", NEXT_YEAR if n == 7 else FIRST, **person, **sent)
    for student, program, value, start, end, since, until in (
        ("1001", "EL_STATUS", "EL", "2016-08-15", None, FIRST, SECOND),
        ("1001", "EL_STATUS", "EL", "2016-08-15", "2025-05-31", SECOND, None),
        ("1001", "EL_STATUS", "RFEP", "2025-06-01", None, SECOND, None),
        ("1002", "EL_STATUS", "EO", "2015-08-15", None, FIRST, None),
        ("1002", "MEALS", "F", "2024-07-01", "2025-06-30", FIRST, None),
        ("1003", "MEALS", "R", "2024-07-01", None, FIRST, None),
        ("1003", "SWD", "Y", "2019-02-03", None, FIRST, None),
        ("1004", "FOSTER", "Y", "2024-11-05", None, FIRST, THIRD),
        ("1004", "HOMELESS", "Y", "2024-11-05", "2025-02-01", SECOND, None),
        ("1005", "MIGRANT", "Y", "2023-01-09", None, FIRST, None),
        ("1005", "PARENT_ED", "14", None, None, FIRST, None),
    ):
        district.add(
            "student_program",
            since,
            until,
            local_student_id=student,
            program=program,
            value=value,
            start_date=start and dt.date.fromisoformat(start),
            end_date=end and dt.date.fromisoformat(end),
        )


def _enrollments(district: District) -> None:
    for student, school, grade, entry, exit_date, reason, status, since, until in (
        ("1001", HIGH, "09", "2024-08-19", None, None, "10", FIRST, SECOND),
        ("1001", HIGH, "09", "2024-08-19", "2025-06-12", "E155", "10", SECOND, None),
        ("1001", MIDDLE, "09", "2024-09-02", None, None, "20", FIRST, None),  # concurrent
        ("1002", HIGH, "09", "2024-08-19", "2024-10-01", "T160", "10", FIRST, None),  # leaves and comes back
        ("1002", HIGH, "09", "2024-11-04", "2025-06-12", "E155", "10", SECOND, None),
        ("1003", HIGH, "09", "2024-08-19", "2025-01-31", "E150", "10", SECOND, None),  # a grade higher in the year
        ("1003", HIGH, "10", "2025-02-01", "2025-06-12", "E155", "10", SECOND, None),
        ("1004", HIGH, "09", "2024-08-19", "2025-06-12", "E155", "10", FIRST, None),  # two primaries at once
        ("1004", MIDDLE, "08", "2024-08-19", "2024-12-20", "T160", "10", FIRST, None),
        ("1005", MIDDLE, "08", "2024-08-19", "2024-08-19", "N470", "10", FIRST, THIRD),  # a no-show, withdrawn later
        ("1006", HIGH, "09", "2025-01-06", "2025-01-20", "T160", "30", SECOND, None),  # short term
        ("1006", NON_PUBLIC, "09", "2025-01-21", "2025-06-12", "E155", "10", SECOND, None),
    ):
        district.add(
            "enrollment",
            since,
            until,
            local_student_id=student,
            school_code=school,
            school_year=2025,
            grade_level=grade,
            entry_date=dt.date.fromisoformat(entry),
            exit_date=exit_date and dt.date.fromisoformat(exit_date),
            exit_reason=reason,
            enrollment_status=status,
        )
    district.add(
        "enrollment",
        NEXT_YEAR,
        local_student_id="1007",
        school_code=HIGH,
        school_year=2026,
        grade_level="09",
        entry_date=dt.date(2025, 8, 19),
        enrollment_status="10",
    )


def _marks(district: District, marks: tuple[tuple[str, str], tuple[str, str], tuple[str, str]]) -> None:
    good, fail, word = marks
    winter = dt.date(2024, 12, 20)
    district.mark("1001", "A-1", "S1", *good, posted_date=winter)
    district.mark("1001", "A-1", "S2", *fail, credits_earned=0, since=SECOND, until=THIRD)
    district.mark("1001", "A-1", "S2", *good, since=THIRD, posted_date=dt.date(2025, 8, 20))  # corrected
    district.mark("1001", "S-9", "SS", *good, since=THIRD, is_repeat=True, posted_date=dt.date(2025, 7, 18))
    district.mark("1002", "A-1", "S1", *word, posted_date=None, credits_attempted=None, credits_earned=None)
    district.mark(
        "1002", "A-2", "S1", "ZZ", None, credits_attempted=3.3333, credits_earned=1.6667, grade_level_taken=None
    )
    district.mark("1003", "A-2", "S1", *good, is_final=False, credits_attempted=None, credits_earned=None)
    district.mark("1003", "A-2", "S1", *good, posted_date=winter)
    district.mark("1003", "A-2", "S2", *good, lost_reason="bad_row", since=SECOND)
    other = {"course_code": "X0620", "state_course_code": None, "course_name": "WHEEL, 6", "is_ag": None}
    district.mark("1004", "B-7", "S1", *good, credits_attempted=10, credits_earned=10, **other)
    district.mark("1004", "T-X0620-S2", "S2", *good, is_transfer=True, since=SECOND, **other)
    # the same section number in another school is another section
    district.mark("1005", "A-1", "S1", *good, school_code=MIDDLE, grade_level_taken="08")
    district.mark("1007", "A-1", "S1", *good, school_year=2026, since=NEXT_YEAR, is_final=False, credits_attempted=None,
                  credits_earned=None, posted_date=dt.date(2025, 10, 10))  # fmt: skip


def _attendance(district: District, periods: Sequence[str | None]) -> None:
    categories = ("excused", "unexcused", "oss", "iss", "nonada_is", "ada_is", "tardy", "other_present")
    for n, category in enumerate(categories):
        for student in ("1001", "1003", "1004"):
            district.absent(student, f"2024-08-{19 + n}", category, periods[n % 2 :] or periods)
    district.absent("1002", "2024-08-21", "unexcused", periods, since=FIRST, until=SECOND)  # excused later
    district.absent("1002", "2024-08-21", "excused", periods, since=SECOND)
    district.absent("1002", "2024-08-22", "unexcused", periods[:1], since=FIRST, until=THIRD)  # taken back
    district.absent("1004", "2024-08-27", "excused", periods, school_code=MIDDLE)
    district.absent("1007", "2025-08-20", "unexcused", periods, school_year=2026, since=NEXT_YEAR)
