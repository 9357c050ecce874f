"""Who needs what, and why: ninth graders of tonight with their latest lane and what keeps them from the next one.

Read from one district's restricted tables, in a release that is being written (the warehouse) or that is published.
Decides nothing: lanes and reasons are rows of student_snapshot and snapshot_reason.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

GRADE = "09"
MEASURES = {
    "gpa": "Grade point average",
    "attendance_rate": "Attendance",
    "n_f_core": "F marks in core courses",
    "n_df_core": "D and F marks in core courses",
    "n_df_elamath": "D and F marks in English and math",
    "credits_of_due": "Credits",
    "n_suspensions": "Suspensions",
}


@dataclass(frozen=True, slots=True)
class Needs:
    """One student: where they stand by the latest snapshot with a lane, and what the next lane asks for."""

    student_key: str
    local_student_id: str
    school_code: str
    snapshot_code: str | None
    as_of: dt.date | None
    lane: int | None
    lane_name: str | None
    null_reason: str | None
    gpa: float | None
    attendance_rate: float | None
    n_f_core: float | None
    sentences: list[str]
    measures: list[str]


def read_needs(
    con: duckdb.DuckDBPyConnection, schema: str, district: str | None, as_of: dt.date, rule_set: str
) -> list[Needs]:
    """Ninth graders enrolled on `as_of`, lowest lane first; `district` chooses where a schema holds all districts."""
    of = "where _release_district = $district" if district is not None else ""

    def table(name: str) -> str:
        return f"(select * from {schema}.{name} {of})"

    rows = con.execute(
        f"""
        with here as (
            select student_key, school_code
            from {table("enrollment")}
            -- enrollments elsewhere, seen as history, are not this district's
            semi join {table("student")} as student using (student_key, district_code)
            where is_primary and grade_level = $grade and entry_date <= $as_of and coalesce(exit_date >= $as_of, true)
            qualify row_number() over (partition by student_key order by entry_date desc, school_code) = 1
        ),

        latest as (
            select snapshot.*
            from {table("student_snapshot")} as snapshot
            join here on here.student_key = snapshot.student_key
            where rule_set = $rule_set and as_of <= $as_of
            qualify row_number() over (
                partition by snapshot.student_key order by lane is null, as_of desc, cohort_year desc, snapshot_code
            ) = 1
        ),

        reasons as (
            select student_key, snapshot_code, cohort_year, rule_set,
                list(sentence order by position) as sentences, list(measure order by position) as measures
            from {table("snapshot_reason")}
            group by all
        )

        select here.student_key, student.local_student_id, here.school_code, latest.snapshot_code, latest.as_of,
            lane, lane_name, null_reason, gpa, attendance_rate, n_f_core,
            coalesce(sentences, []) as sentences, coalesce(measures, []) as measures
        from here
        join {table("student")} as student on student.student_key = here.student_key
        left join latest on latest.student_key = here.student_key
        left join reasons on reasons.student_key = latest.student_key
            and reasons.snapshot_code = latest.snapshot_code
            and reasons.cohort_year = latest.cohort_year
            and reasons.rule_set = latest.rule_set
        order by here.school_code, lane nulls last, student.local_student_id, here.student_key
        """,
        {"grade": GRADE, "as_of": as_of, "rule_set": rule_set} | ({"district": district} if district else {}),
    ).fetchall()
    return [Needs(*row) for row in rows]


def by_lane(students: Iterable[Needs]) -> dict[tuple[int, str], list[Needs]]:
    """Students by lane, lowest first; those without a lane last."""
    found: dict[tuple[int, str], list[Needs]] = defaultdict(list)
    for student in students:
        known = student.lane is not None
        found[(student.lane or 0, student.lane_name or "") if known else (99, "no lane yet")].append(student)
    return dict(sorted(found.items()))


def by_measure(students: Iterable[Needs]) -> dict[str, list[Needs]]:
    """Students by what is missing for their next lane, the most frequent first."""
    found: dict[str, list[Needs]] = defaultdict(list)
    for student in students:
        for measure in dict.fromkeys(student.measures):
            found[measure].append(student)
    return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def measure_words(measure: str) -> str:
    """What a measure of a lane rule is called."""
    return MEASURES.get(measure, measure.replace("_", " "))
