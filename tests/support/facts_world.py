"""A district's facts in a few rows, written by hand: every entity, versions of every kind, three deliveries.

For round trips of one system: names, dates and marks are made up; no person is meant. Dates: history and first delivery on
2025-01-15, a whole one on 2025-06-25, a nightly one (changes only) on 2025-06-26.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import canonical_columns, create_facts

FIRST, WHOLE, NIGHTLY = dt.date(2025, 1, 15), dt.date(2025, 6, 25), dt.date(2025, 6, 26)
YEAR = 2025


def plans(district: str, district_code: str) -> list[DeliveryPlan]:
    """Three deliveries of one school year: first, whole again, and only what changed."""
    steps = [(FIRST, "initial", False), (WHOLE, "update", False), (NIGHTLY, "nightly", True)]
    return [
        DeliveryPlan(
            district=district,
            district_code=district_code,
            name=date.isoformat(),
            date=date,
            kind=kind,  # type: ignore[arg-type]
            school_years=(YEAR,),
            attendance_through=date - dt.timedelta(days=1),
            is_delta=is_delta,
            previous=previous,
        )
        for (date, kind, is_delta), previous in zip(steps, [None, FIRST, WHOLE], strict=True)
    ]


def build(con: duckdb.DuckDBPyConnection, code: str, *, has_extras: bool) -> None:
    """Fill schema facts for one district.

    `has_extras`: what only some systems' files can carry (posting dates, repeats, transfers, grade taken, first grade 9,
    a GPA of the district's own); without it these are NULL or false, and no attendance row is missing for a school day.
    """
    create_facts(con)
    high, elementary = f"{code}9100001", f"{code}9300001"

    def add(entity: str, known: tuple[dt.date, dt.date | None], lost: str | None = None, **values: object) -> None:
        row = {"district_code": code, "known_from": known[0], "known_to": known[1], "lost_reason": lost, **values}
        names = [name for name, _ in canonical_columns()[entity] if name in row]
        con.execute(
            f"insert into facts.{entity} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [row[name] for name in names],
        )

    always, since_whole, since_nightly = (FIRST, None), (WHOLE, None), (NIGHTLY, None)
    until_whole, until_nightly, between = (FIRST, WHOLE), (FIRST, NIGHTLY), (WHOLE, NIGHTLY)

    def day(text: str) -> dt.date:
        return dt.date.fromisoformat(text)

    # Schools: the high school is renamed; the elementary school's trimesters bear no credit.
    at_high = {"school_code": high, "school_year": YEAR}
    for known, name in ((until_whole, "Peñasco High"), (since_whole, "Peñasco Heron High")):
        add("school", known, **at_high, local_school_code="101", school_name=name, school_type="high", low_grade="09",
            high_grade="12", is_reporting=True, staff_count=41)  # fmt: skip
    add("school", always, school_code=elementary, school_year=YEAR, local_school_code="201", school_name="Amber Quail",
        school_type="elementary", low_grade="KN", high_grade="05", is_reporting=True, staff_count=None)  # fmt: skip
    for term, first, last in (("S1", "2024-08-12", "2024-12-20"), ("S2", "2025-01-07", "2025-06-05")):
        add("term", always, **at_high, term_code=term, term_kind="semester", start_date=day(first), end_date=day(last),
            is_credit_bearing=True)  # fmt: skip
    add("term", always, **at_high, term_code="SS", term_kind="summer", start_date=day("2025-06-15"),
        end_date=day("2025-07-17"), is_credit_bearing=True)  # fmt: skip
    add("term", always, school_code=elementary, school_year=YEAR, term_code="T1", term_kind="trimester",
        start_date=day("2024-08-12"), end_date=day("2024-11-08"), is_credit_bearing=False)  # fmt: skip
    school_days = [day("2024-08-12"), day("2024-08-13"), day("2024-08-14"), day("2024-09-03"), day("2025-05-01")]
    for date in school_days:
        add("calendar_day", always, **at_high, calendar_date=date)
    # a day that turned out to be none
    add("calendar_day", until_whole, **at_high, calendar_date=day("2025-05-02"))

    # Students: S1 gets an SSID and another race, S2 has a malformed birth date, S3 leaves altogether, S4 comes at night.
    ninth = 2025 if has_extras else None
    for known, ssid, race in ((until_whole, None, "700"), (since_whole, "9000000001", "400;700")):
        add("student", known, local_student_id="S1", ssid=ssid, birth_date=day("2010-02-03"), gender="F",
            is_hispanic=False, race_codes=race, first_grade9_year=ninth, first_name="Zoë", last_name="Peña-Ruiz",
            ssid_sent=None if ssid else "")  # fmt: skip
    add("student", always, local_student_id="S2", ssid="9000000002", birth_date=None, birth_date_sent="unknown",
        gender="X", is_hispanic=True, race_codes=None, first_grade9_year=None, first_name="Ada", last_name="Test")  # fmt: skip
    add("student", until_nightly, local_student_id="S3", ssid=None, ssid_sent="90000", birth_date=day("2012-12-31"),
        gender="M", is_hispanic=None, race_codes="201;203;600", first_name="Bo", last_name="Test")  # fmt: skip
    add("student", since_nightly, local_student_id="S4", ssid="9000000004", birth_date=day("2009-07-01"), gender=None,
        is_hispanic=False, race_codes="100", first_name="Cy", last_name="Test")  # fmt: skip

    # Programs: an EL reclassified (known from the whole delivery), a program that ends, one withdrawn, parent education.
    add("student_program", until_whole, local_student_id="S1", program="EL_STATUS", value="EL",
        start_date=day("2016-08-20"), end_date=None)  # fmt: skip
    add("student_program", since_whole, local_student_id="S1", program="EL_STATUS", value="EL",
        start_date=day("2016-08-20"), end_date=day("2025-03-09"))  # fmt: skip
    add("student_program", since_whole, local_student_id="S1", program="EL_STATUS", value="RFEP",
        start_date=day("2025-03-10"), end_date=None)  # fmt: skip
    add("student_program", always, local_student_id="S2", program="EL_STATUS", value="EO", start_date=day("2015-08-20"))
    for known, end in ((until_nightly, None), (since_nightly, day("2025-06-20"))):
        add("student_program", known, local_student_id="S2", program="SWD", value="Y", start_date=day("2020-09-01"),
            end_date=end)  # fmt: skip
    add("student_program", between, local_student_id="S2", program="FOSTER", value="Y", start_date=day("2025-02-01"))
    for program, value in (("MEALS", "F"), ("MEALS", "R"), ("HOMELESS", "Y"), ("MIGRANT", "Y")):
        add(
            "student_program", always, local_student_id="S3", program=program, value=value, start_date=day("2024-08-12")
        )
    add("student_program", until_nightly, local_student_id="S1", program="PARENT_ED", value="14")
    add("student_program", since_nightly, local_student_id="S1", program="PARENT_ED", value="12")
    add("student_program", always, local_student_id="S2", program="PARENT_ED", value="10")

    # Enrollments: an exit that becomes known, a secondary one on the same day, a short-term one withdrawn, a date moved.
    start = {**at_high, "entry_date": day("2024-08-12")}
    for known, exit_date, reason in ((until_whole, None, None), (since_whole, day("2025-06-05"), "E155")):
        add("enrollment", known, local_student_id="S1", **start, grade_level="09", exit_date=exit_date,
            exit_reason=reason, enrollment_status="10")  # fmt: skip
    add("enrollment", always, local_student_id="S1", **start, grade_level="09", enrollment_status="20")
    add("enrollment", between, local_student_id="S2", **start, grade_level="10", enrollment_status="30")
    for known, entry in ((until_nightly, day("2024-08-12")), (since_nightly, day("2024-08-13"))):
        add("enrollment", known, local_student_id="S2", **at_high, entry_date=entry, grade_level="10",
            exit_date=day("2025-06-05"), exit_reason="E155", enrollment_status="10")  # fmt: skip
    add("enrollment", always, local_student_id="S3", school_code=elementary, school_year=YEAR, grade_level="KN",
        entry_date=day("2024-08-12"), enrollment_status="10")  # fmt: skip

    _marks(add, at_high, has_extras=has_extras)
    _days(add, at_high, school_days)
    if has_extras:
        for known, gpa in ((until_nightly, 3.1), (since_nightly, 3.2)):
            add(
                "supplied_gpa",
                known,
                local_student_id="S1",
                school_year=YEAR,
                term_code="S1",
                gpa=gpa,
                is_weighted=True,
            )
        add(
            "supplied_gpa", always, local_student_id="S1", school_year=YEAR, term_code="S1", gpa=2.75, is_weighted=False
        )


def _marks(add, at_high, *, has_extras: bool) -> None:  # type: ignore[no-untyped-def]
    """A mark corrected, one withdrawn, two sections of one course, credits of thirds, one that no reader can read."""
    algebra = {**at_high, "course_code": "ALG1", "state_course_code": "2403", "course_name": "Álgebra I", "is_ag": True}
    pe = {**at_high, "course_code": "PE1", "state_course_code": None, "course_name": "PE, first year", "is_ag": False}
    extras = {
        "is_final": True,
        "is_transfer": False,
        "is_repeat": False,
        "posted_date": None,
        "grade_level_taken": None,
    }
    if has_extras:
        extras |= {"grade_level_taken": "09", "posted_date": dt.date(2024, 12, 22)}
    else:
        pe["course_name"] = "PE first year"
    full = {"credits_attempted": 5, "credits_earned": 5}
    always, since_whole = (FIRST, None), (WHOLE, None)
    for known, mark in (((FIRST, WHOLE), "F"), ((WHOLE, NIGHTLY), "D"), ((NIGHTLY, None), "C")):
        earned = 0 if mark == "F" else 5
        add("course_mark", known, local_student_id="S1", **algebra, **extras, term_code="S1", section_id="1001",
            mark_raw=mark, mark=mark, credits_attempted=5, credits_earned=earned)  # fmt: skip
    add("course_mark", always, local_student_id="S1", **algebra, **extras, term_code="S1", section_id="1002",
        mark_raw="B", mark="B", **full)  # fmt: skip
    add("course_mark", since_whole, local_student_id="S1", **pe, **extras, term_code="S2", section_id="2001",
        mark_raw="CR", mark="P", credits_attempted=3.33, credits_earned=1.665)  # fmt: skip
    add("course_mark", (WHOLE, NIGHTLY), local_student_id="S2", **pe, **extras, term_code="S2", section_id="2001",
        mark_raw="NC", mark="NP", credits_attempted=5, credits_earned=0)  # fmt: skip
    add("course_mark", since_whole, "unmapped_mark", local_student_id="S2", **algebra, **extras, term_code="S2",
        section_id="1003", mark_raw="??", mark=None, **full)  # fmt: skip
    add("course_mark", since_whole, "bad_row", local_student_id="S2", **algebra, **extras, term_code="S2",
        section_id="1004", mark_raw="A", mark="A", **full)  # fmt: skip
    for number in range(3000, 3060):
        # enough good marks that one bad row does not hold the delivery
        add("course_mark", always, local_student_id="S2", **algebra, **extras, term_code="S1", section_id=str(number),
            mark_raw="A-", mark="A-", **full)  # fmt: skip
    extras = extras | {"is_transfer": has_extras, "is_repeat": has_extras}
    add("course_mark", always, local_student_id="S2", **algebra, **extras, term_code="S1",
        section_id="T-ALG1-S1", mark_raw="A", mark="A", **full)  # fmt: skip


def _days(add, at_high, school_days: list[dt.date]) -> None:  # type: ignore[no-untyped-def]
    """Absences of every kind: one excused later, one taken back, one filed months late; incidents that change."""
    categories = ["excused", "unexcused", "oss", "iss", "nonada_is"]
    for date, category in zip(school_days, categories, strict=True):
        known = (WHOLE if date.year == 2025 else FIRST, None)
        for student in ("S1", "S2"):
            add("attendance_recorded", known, local_student_id=student, **at_high, calendar_date=date)
        add("attendance_event", known, local_student_id="S1", **at_high, calendar_date=date, category=category)
    moved = {**at_high, "local_student_id": "S2"}
    for known, category in (((FIRST, WHOLE), "unexcused"), ((WHOLE, None), "excused")):
        add("attendance_event", known, **moved, calendar_date=school_days[0], category=category)
    add("attendance_event", (FIRST, NIGHTLY), **moved, calendar_date=school_days[1], category="tardy")
    add("attendance_event", (NIGHTLY, None), **moved, calendar_date=school_days[2], category="other_present")
    incident = {**at_high, "incident_date": dt.date(2024, 10, 2)}
    for known, kind, days in (((FIRST, WHOLE), None, None), ((WHOLE, None), "OSS", 2.5)):
        add("incident", known, local_student_id="S1", **incident, incident_id="I-1", suspension_type=kind,
            suspension_days=days)  # fmt: skip
    add("incident", (FIRST, None), local_student_id="S2", **incident, incident_id="I-1", suspension_type="ISS",
        suspension_days=1)  # fmt: skip
    for known, days in (((FIRST, NIGHTLY), 5), ((NIGHTLY, None), 0.3)):
        add("incident", known, local_student_id="S2", **at_high, incident_id="I-2", incident_date=dt.date(2024, 11, 4),
            suspension_type="EXP", suspension_days=days)  # fmt: skip
    add("incident", (WHOLE, NIGHTLY), local_student_id="S2", **at_high, incident_id="I-3",
        incident_date=dt.date(2025, 3, 3), suspension_type="OSS", suspension_days=1)  # fmt: skip
