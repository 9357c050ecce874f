"""A few hand-made facts of one Aeries district, made to hurt: numbers used again, days that move, versions, accents.

Three deliveries: a history of 2024-25, then 2025-26 in January and in June. What changes in June:
the calendar gains a day, so that all later day numbers move; a mark is corrected; an absence is taken back; an incident
that had no consequence becomes a suspension; a school is renamed.
"""

from __future__ import annotations

import datetime as dt

import duckdb

from pipelines.landing.contract import Contract
from pipelines.synth.plan import DeliveryPlan

AUGUST, JANUARY, JUNE = dt.date(2025, 8, 20), dt.date(2026, 1, 12), dt.date(2026, 6, 22)


def plans(contract: Contract) -> list[DeliveryPlan]:
    """The three deliveries; the last one comes as a zip."""
    steps = [(AUGUST, "history", 2025, "folder"), (JANUARY, "initial", 2026, "folder"), (JUNE, "update", 2026, "zip")]
    return [
        DeliveryPlan(
            district=contract.district,
            district_code=contract.district_code,
            name=date.isoformat(),
            date=date,
            kind=kind,  # type: ignore[arg-type]
            school_years=(year,),
            attendance_through=date - dt.timedelta(days=1),
            previous=steps[n - 1][0] if n else None,
            packed=packed,  # type: ignore[arg-type]
        )
        for n, (date, kind, year, packed) in enumerate(steps)
    ]


def make_facts(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Add the facts described above to schema facts (pipelines.synth.schema.create_facts)."""
    code = contract.district_code
    old, new, high = f"{code}0000001", f"{code}0000002", f"{code}6000003"

    def add(entity: str, known_from: dt.date, known_to: dt.date | None = None, **values: object) -> None:
        row = {"district_code": code, **values, "known_from": known_from, "known_to": known_to}
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        con.execute(f"insert into facts.{entity} ({names}) values ({marks})", list(row.values()))

    def school(cds: str, year: int, number: str, name: str, kind: str, known: tuple[dt.date, dt.date | None]) -> None:
        add("school", *known, school_code=cds, school_year=year, local_school_code=number, school_name=name,
            school_type=kind, low_grade="KN" if kind == "k8" else "09", high_grade="08" if kind == "k8" else "12",
            is_reporting=kind != "other", staff_count=None if kind == "other" else 41)  # fmt: skip

    # 101 is one school in 2024-25 and another in 2025-26; the first one is 102 then.
    school(old, 2025, "101", 'Oak "K-8", North', "k8", (AUGUST, None))
    school(high, 2025, "201", "Hilltop High", "high", (AUGUST, None))
    school(old, 2026, "102", "Oak K-8", "k8", (JANUARY, None))
    school(new, 2026, "101", "Peña Middle", "k8", (JANUARY, None))
    school(high, 2026, "201", "Hilltop High", "high", (JANUARY, JUNE))
    school(high, 2026, "201", "Hilltop High and College", "high", (JUNE, None))

    for cds, year, known in ((old, 2025, AUGUST), (high, 2025, AUGUST), (new, 2026, JANUARY), (high, 2026, JANUARY)):
        for term, kind, start, end, credit in (
            ("S1", "semester", dt.date(year - 1, 8, 12), dt.date(year - 1, 12, 19), True),
            ("S2", "semester", dt.date(year, 1, 6), dt.date(year, 5, 29), True),
            ("Q1", "quarter", dt.date(year - 1, 8, 12), dt.date(year - 1, 10, 10), False),
            ("SS", "summer", dt.date(year, 6, 8), dt.date(year, 7, 10), True),
        ):
            add("term", known, school_code=cds, school_year=year, term_code=term, term_kind=kind, start_date=start,
                end_date=end, is_credit_bearing=credit)  # fmt: skip

    def calendar(
        cds: str, year: int, days: list[dt.date], known: tuple[dt.date, dt.date | None], first: int = 1
    ) -> None:
        for number, day in enumerate(days, start=first):
            add("calendar_day", *known, school_code=cds, school_year=year, calendar_date=day, day_number=number)

    week_2024 = [dt.date(2024, 9, 2 + n) for n in range(5)]
    calendar(old, 2025, week_2024, (AUGUST, None))
    calendar(high, 2025, week_2024, (AUGUST, None))
    # Monday was a holiday until June told that it was not: Tuesday to Friday were days 1 to 4 and became 2 to 5.
    monday, *rest = [dt.date(2025, 9, 8 + n) for n in range(5)]
    calendar(high, 2026, rest, (JANUARY, JUNE))
    calendar(high, 2026, [monday, *rest], (JUNE, None))
    calendar(new, 2026, rest, (JANUARY, None))

    def student(local: str, first: str, last: str, known: dt.date, **values: object) -> None:
        row = {"ssid": "10000" + local[-5:], "birth_date": dt.date(2010, 3, 5), "gender": "F", "is_hispanic": False}
        add("student", known, local_student_id=local, first_name=first, last_name=last, **{**row, **values})

    student("000100001", "José", "Núñez", AUGUST, race_codes=None, is_hispanic=True, gender="X")
    student("000100002", "Zoë", "O'Neil, Jr.", AUGUST, race_codes="201;400;700", first_grade9_year=2025)
    student("000100003", 'Ann "Bee"', "Smith", JANUARY, race_codes="600", gender=None, is_hispanic=None)
    student("000100004", "Bo", "Lee", JANUARY, ssid=None, ssid_sent="123", birth_date=None, birth_date_sent="13/5/2010")

    for local, program, value, start, end, known in (
        ("000100001", "EL_STATUS", "EL", dt.date(2016, 8, 15), dt.date(2024, 5, 1), AUGUST),
        ("000100001", "EL_STATUS", "RFEP", dt.date(2024, 5, 2), None, AUGUST),
        ("000100002", "EL_STATUS", "EO", dt.date(2015, 8, 15), None, AUGUST),
        ("000100002", "SWD", "Y", dt.date(2019, 1, 7), None, AUGUST),
        ("000100001", "MEALS", "F", dt.date(2024, 7, 1), dt.date(2025, 6, 30), AUGUST),
        ("000100001", "MEALS", "R", dt.date(2025, 7, 1), None, JANUARY),
        ("000100003", "FOSTER", "Y", dt.date(2025, 9, 1), None, JANUARY),
        ("000100003", "HOMELESS", "Y", dt.date(2025, 9, 1), dt.date(2025, 12, 1), JANUARY),
        ("000100003", "MIGRANT", "Y", dt.date(2025, 9, 1), None, JUNE),
        ("000100003", "PARENT_ED", "14", None, None, JANUARY),
    ):
        add(
            "student_program",
            known,
            local_student_id=local,
            program=program,
            value=value,
            start_date=start,
            end_date=end,
        )

    def enroll(local: str, cds: str, year: int, grade: str, known: tuple[dt.date, dt.date | None],
               out: dt.date | None = None, why: str | None = None, status: str = "10") -> None:  # fmt: skip
        add("enrollment", *known, local_student_id=local, school_code=cds, school_year=year, grade_level=grade,
            entry_date=dt.date(year - 1, 8, 12), exit_date=out, exit_reason=why, enrollment_status=status)  # fmt: skip

    enroll("000100001", old, 2025, "08", (AUGUST, None), dt.date(2025, 5, 29), "E155")
    enroll("000100002", high, 2025, "09", (AUGUST, None), dt.date(2025, 5, 29), "E155")
    enroll("000100001", high, 2026, "09", (JANUARY, JUNE))
    enroll("000100001", high, 2026, "09", (JUNE, None), dt.date(2026, 5, 29), "E155")
    enroll("000100002", high, 2026, "10", (JANUARY, None))
    enroll("000100002", new, 2026, "10", (JANUARY, None), status="20")
    enroll("000100003", new, 2026, "TK", (JANUARY, None), dt.date(2025, 8, 12), "N470", "30")
    enroll("000100004", new, 2026, "KN", (JUNE, None))

    def mark(local: str, cds: str, year: int, term: str, course: str, raw: str, letter: str | None,
             known: tuple[dt.date, dt.date | None] = (JANUARY, None), **more: object) -> None:  # fmt: skip
        row = {"section_id": f"{course}-1", "state_course_code": "2130", "course_name": "ENGLISH 9", "is_ag": True,
               "grade_level_taken": "09", "credits_attempted": 5, "credits_earned": 5, "is_final": True,
               "posted_date": dt.date(year - 1, 12, 20), "is_transfer": False, "is_repeat": False}  # fmt: skip
        add("course_mark", *known, local_student_id=local, school_code=cds, school_year=year, term_code=term,
            course_code=course, mark_raw=raw, mark=letter, **{**row, **more})  # fmt: skip

    art = {"state_course_code": None, "course_name": "ART, ADVANCED", "is_ag": None}
    mark("000100001", old, 2025, "S1", "0800", "A", "A", (AUGUST, None), grade_level_taken="08", credits_attempted=None,
         credits_earned=None, course_name="MATH 8", state_course_code="2400", is_ag=False)  # fmt: skip
    mark("000100002", high, 2025, "S1", "0100", "B", "B", (AUGUST, None), credits_attempted=10, credits_earned=10)
    mark("000100002", high, 2026, "S1", "0100", "F", "F", (JANUARY, JUNE), credits_earned=0)
    mark(
        "000100002", high, 2026, "S1", "0100", "C", "C", (JUNE, None), is_repeat=True, posted_date=dt.date(2025, 12, 28)
    )
    mark("000100002", high, 2026, "S1", "0700", "??", None, credits_attempted="3.3333", credits_earned="1.25", **art)
    mark(
        "000100002",
        high,
        2026,
        "S1",
        "0900",
        "CR",
        "P",
        section_id="T-0900-S1",
        is_transfer=True,
        posted_date=None,
        **art,
    )
    first_scale = contract.mark_scales[0]
    minus = "B-" if "B-" in first_scale.marks else None
    mark("000100002", high, 2026, "S1", "0300", "B-", minus, section_id="77")
    if (
        first_scale.valid_to is not None
    ):  # a scale that changes at New Year: each text means something on one side alone
        may, december = dt.date(2026, 5, 28), dt.date(2025, 12, 31)
        mark("000100002", high, 2026, "S2", "0400", "4", "A", (JUNE, None), posted_date=may, section_id="78")
        mark("000100002", high, 2026, "S2", "0500", "A", None, (JUNE, None), posted_date=may, section_id="79")
        mark("000100002", high, 2026, "S1", "0600", "4", None, posted_date=december, section_id="80")
        mark("000100002", high, 2026, "S1", "0650", "D", "D", posted_date=december, section_id="81")
    mark("000100002", high, 2026, "SS", "0100", "W", "W", (JUNE, None), credits_attempted=0, credits_earned=0)
    mark("000100001", high, 2026, "Q1", "0100", "D", "D", is_final=False, credits_attempted=None, credits_earned=None,
         posted_date=dt.date(2025, 10, 14))  # fmt: skip
    mark("000100001", high, 2026, "S1", "0100", "B", "B", is_final=False, credits_attempted=None, credits_earned=None)

    def absence(
        local: str, cds: str, year: int, day: dt.date, category: str, known: dt.date, end: dt.date | None = None
    ) -> None:
        add("attendance_event", known, end, local_student_id=local, school_code=cds, school_year=year, calendar_date=day,
            category=category)  # fmt: skip

    absence("000100001", old, 2025, week_2024[0], "excused", AUGUST)
    absence("000100002", high, 2025, week_2024[0], "unexcused", AUGUST)
    for day, category in zip(rest, ("excused", "oss", "nonada_is", "tardy"), strict=True):
        absence("000100001", high, 2026, day, category, JANUARY)
        absence("000100002", new, 2026, day, category, JANUARY)
    for day, category in zip(rest, ("unexcused", "iss", "ada_is", "other_present"), strict=True):
        absence("000100002", high, 2026, day, category, JANUARY, JUNE if category == "unexcused" else None)
    absence("000100001", high, 2026, monday, "unexcused", JUNE)

    def incident(
        local: str, number: str, kind: str | None, days: str | None, known: dt.date, end: dt.date | None = None
    ) -> None:
        add("incident", known, end, local_student_id=local, school_code=high, school_year=2026, incident_id=number,
            incident_date=rest[0], suspension_type=kind, suspension_days=days)  # fmt: skip

    incident("000100001", "77", None, None, JANUARY, JUNE)
    incident("000100001", "77", "OSS", "0.5", JUNE)
    incident("000100002", "77", "ISS", "0.125", JANUARY)
    incident("000100002", "78", "EXP", "30", JANUARY)
    incident("000100002", "79", None, None, JUNE)

    if all(feed.feed != "gpa" for feed in contract.files):
        return
    for term, gpa, is_weighted, known in (("S1", "4.3333", True, JANUARY), ("FY", "3", False, JUNE)):
        add("supplied_gpa", known, local_student_id="000100002", school_year=2026, term_code=term, gpa=gpa,
            is_weighted=is_weighted)  # fmt: skip
