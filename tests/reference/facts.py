"""Reads the true facts (`_truth/*.parquet`) into plain tuples, and shows what was known on a date."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

Date = dt.date
FAR = Date(9999, 12, 31)


class School(NamedTuple):
    district: str
    school: str
    year: int
    low_grade: str
    high_grade: str
    is_reporting: bool


class Term(NamedTuple):
    district: str
    school: str
    year: int
    code: str
    kind: str
    start: Date
    end: Date
    credit_bearing: bool


class Enrollment(NamedTuple):
    district: str
    local_id: str
    school: str
    year: int
    grade: str
    entry: Date
    exit: Date | None
    exit_reason: str | None
    status: str


class Mark(NamedTuple):
    district: str
    local_id: str
    school: str
    year: int
    term: str
    section: str
    course: str
    state_course: str | None
    course_name: str | None
    is_ag: bool | None
    grade_taken: str | None
    mark: str | None
    attempted: Any
    earned: Any
    posted: Date | None
    is_transfer: bool
    is_repeat: bool


class Event(NamedTuple):
    district: str
    local_id: str
    school: str
    year: int
    day: Date
    period: str | None
    category: str


class Incident(NamedTuple):
    district: str
    local_id: str
    school: str
    year: int
    incident: str
    day: Date
    kind: str | None
    days: Any


class SuppliedGpa(NamedTuple):
    district: str
    local_id: str
    year: int
    term: str
    gpa: Any
    is_weighted: bool


class Student(NamedTuple):
    district: str
    local_id: str
    ssid: str | None
    birth: Date | None
    first_grade9_year: int | None


QUERIES: dict[str, tuple[type, str]] = {
    "school": (School, "district_code, school_code, school_year, low_grade, high_grade, is_reporting"),
    "term": (
        Term,
        "district_code, school_code, school_year, term_code, term_kind, start_date, end_date, is_credit_bearing",
    ),
    "enrollment": (
        Enrollment,
        "district_code, local_student_id, school_code, school_year, grade_level, entry_date, exit_date, exit_reason, "
        "enrollment_status",
    ),
    "course_mark": (
        Mark,
        "district_code, local_student_id, school_code, school_year, term_code, section_id, course_code, state_course_code, "
        "course_name, is_ag, grade_level_taken, mark, credits_attempted, credits_earned, posted_date, "
        "coalesce(is_transfer, false), coalesce(is_repeat, false)",
    ),
    "attendance_event": (
        Event,
        "district_code, local_student_id, school_code, school_year, calendar_date, period, category",
    ),
    "incident": (
        Incident,
        "district_code, local_student_id, school_code, school_year, incident_id, incident_date, suspension_type, suspension_days",
    ),
    "supplied_gpa": (SuppliedGpa, "district_code, local_student_id, school_year, term_code, gpa, is_weighted"),
    "student": (Student, "district_code, local_student_id, ssid, birth_date, first_grade9_year"),
    "calendar_day": (tuple, "district_code, school_code, school_year, calendar_date, n_periods"),
}


@dataclass
class District:
    """The parameters of a district that rules use."""

    period_absent_rule: str = "all_periods"
    np_as_f: bool = True
    grad_credits: int = 240


@dataclass
class Facts:
    """All versions of all facts: entity -> list of (row, known_from, known_to)."""

    rows: dict[str, list[tuple[Any, Date, Date | None]]]
    districts: dict[str, District] = field(default_factory=lambda: defaultdict(District))
    #: (district, year, feed) that were never sent; everything else is available
    missing_feeds: set[tuple[str, int, str]] = field(default_factory=set)
    ssid_merge: dict[str, str] = field(default_factory=dict)

    def known(self, entity: str, known_on: dict[str, Date] | None) -> list[Any]:
        """The rows of `entity` known on each district's date; None = everything in force tonight."""
        if known_on is None:
            return [r for r, _, to in self.rows[entity] if to is None]
        out = []
        for r, since, to in self.rows[entity]:
            day = known_on.get(r[0])
            if day is not None and since <= day and (to is None or to > day):
                out.append(r)
        return out

    def first_known(self) -> dict[tuple[str, int], Date]:
        """District and school year -> date of its first delivery with enrollment of that year."""
        out: dict[tuple[str, int], Date] = {}
        for r, since, _ in self.rows["enrollment"]:
            key = (r.district, r.year)
            out[key] = min(since, out.get(key, FAR))
        return out


def load(truth: Path, as_of: Date, entities: Iterable[str] = QUERIES) -> Facts:
    """Facts sent by `as_of`, from `<synth dir>/_truth`; rows written broken on purpose are left out (they are listed as lost)."""
    con = duckdb.connect()
    rows: dict[str, list[Any]] = {}
    for entity in entities:
        kind, columns = QUERIES[entity]
        path = truth / f"{entity}.parquet"
        rows[entity] = []
        if not path.exists():
            continue
        have = {c[0] for c in con.execute("describe select * from read_parquet(?)", [str(path)]).fetchall()}
        broken = "and lost_reason is distinct from 'bad_row'" if "lost_reason" in have else ""
        final = "and is_final" if entity == "course_mark" else ""
        found = con.execute(
            f"select {columns}, known_from, case when known_to <= ? then known_to end from read_parquet(?) "
            f"where known_from <= ? {broken} {final}",
            [as_of, str(path), as_of],
        ).fetchall()
        make = (lambda t: t) if kind is tuple else kind._make  # type: ignore[attr-defined]
        rows[entity] = [(make(r[:-2]), r[-2], r[-1]) for r in found]
    facts = Facts(rows)
    merge = truth / "ssid_merge.parquet"
    if merge.exists():
        facts.ssid_merge = dict(con.execute("select ssid_from, ssid_to from read_parquet(?)", [str(merge)]).fetchall())
    con.close()
    return facts
