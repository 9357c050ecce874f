"""Everything about one student that the reader may read, and what is needed to explain it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from pipelines.explain.marks import Window, WindowMark, rule_grade, seed, window_code, window_marks
from pipelines.explain.origin import Origins
from pipelines.explain.released import Released, Row
from pipelines.explain.rules import Judge, Rule, judge_of, rules_of


@dataclass(frozen=True)
class Student:
    """Everything about one student that the reader may read, each row once however many districts hold it."""

    districts: list[str]
    snapshots: list[Row]
    current: dict[tuple[str, int], Row]
    marks: list[Row]
    days: list[Row]
    incidents: list[Row]
    enrollments: list[Row]


@dataclass(frozen=True)
class Frame:
    """What does not depend on the snapshot: the rule set with its rows, names, and where rows came from."""

    rule_set: Row
    rules: list[Rule]
    judge: Judge
    lane_names: dict[int, str]
    schools: dict[str, str]
    districts: dict[str, Row]
    first_term_ends: dict[tuple[str, int], dt.date]
    first_known: dict[tuple[str, int], dt.date]
    origins: Origins

    @property
    def keeps_plus_minus(self) -> bool:
        """Whether plus and minus count in the GPA."""
        return bool(self.rule_set["plus_minus"] == "keep")


def read_student(released: Released, tiers: list[str], student_key: str, rule_set: str) -> Student:
    """Rows of the student in the tiers given, under one rule set; snapshots in the order of their dates."""

    def rows(table: str, condition: str = "true") -> list[Row]:
        return released.rows_of(
            tiers, f"select * from {{t}}.{table} where student_key = ? and {condition}", student_key
        )

    of_rule_set = f"rule_set = '{rule_set}'"
    snapshots = rows("student_snapshot", of_rule_set)
    snapshots.sort(key=lambda row: (row["as_of"] or dt.date.max, row["cohort_year"], row["snapshot_code"]))
    current = {key_of(row): row for row in rows("student_snapshot_current", of_rule_set)}
    return Student(
        [tier.removeprefix("restricted/") for tier in tiers],
        snapshots,
        current,
        rows("course_mark"),
        sorted(
            rows("attendance_term"), key=lambda row: (row["school_year"], row["term_code"], row["school_code"] or "")
        ),
        sorted(rows("incident"), key=lambda row: (row["incident_date"], row["incident_id"])),
        sorted(rows("enrollment"), key=lambda row: (row["entry_date"], row["school_code"] or "")),
    )


def key_of(row: Row) -> tuple[str, int]:
    """What tells two snapshots of a student apart."""
    return row["snapshot_code"], row["cohort_year"]


def frame_of(released: Released, tiers: list[str], rule_set: Row, student: Student, ledger: Path) -> Frame:
    """Everything but the student. Raises CannotExplainError for rule rows of an unknown kind."""
    return Frame(
        rule_set,
        rules_of(released, rule_set["lane_rule_version"]),
        judge_of(released),
        {int(row["lane"]): row["lane_name"] for row in seed("lane_name") if row["scheme"] == rule_set["scheme"]},
        released.schools(),
        released.districts(),
        _first_term_ends(released, tiers, student),
        _first_known(released, tiers),
        Origins(ledger, (mark["source_file_id"] for mark in student.marks)),
    )


def _first_term_ends(released: Released, tiers: list[str], student: Student) -> dict[tuple[str, int], dt.date]:
    """District and school year -> end of its first term, for a student with marks of several districts.

    A first term ends on one day in a district, whoever the student; otherwise the snapshot's own as_of says it.
    """
    if len({mark["district_code"] for mark in student.marks}) == 1:
        return {}
    ends = released.rows_of(
        tiers,
        "select district_code, school_year, max(as_of) as as_of from {t}.student_snapshot "
        "where snapshot_code = 'G9_T1' and district_code is not null group by all",
    )
    return {(row["district_code"], row["school_year"]): row["as_of"] for row in ends}


def _first_known(released: Released, tiers: list[str]) -> dict[tuple[str, int], dt.date]:
    """District and school year -> day from which anything of it is known.

    What a district sent first, if after a freeze, counts as known at that freeze.
    """
    tables = ("enrollment", "course_mark", "attendance_term")
    known = " union all ".join(f"select district_code, school_year, known_from from {{t}}.{table}" for table in tables)
    rows = released.rows_of(
        tiers,
        f"select district_code, school_year, min(known_from) as day from ({known}) group by all",
        then="select district_code, school_year, min(day) as day from found group by all",
    )
    return {(row["district_code"], row["school_year"]): row["day"] for row in rows}


def rules_for(row: Row, frame: Frame) -> list[Rule]:
    """The rule rows that judge a snapshot; none where lanes come from elsewhere."""
    grade = rule_grade(row["snapshot_code"])
    return [rule for rule in frame.rules if rule.grade == grade]


def marks_for(row: Row, student: Student, frame: Frame) -> list[WindowMark]:
    """The marks of a snapshot's window as known tonight; none for a snapshot of progress marks."""
    year = row["school_year"]
    code = window_code(row["snapshot_code"])
    if code is None:
        return []
    window = Window(
        school_year=year,
        code=code,
        as_of=row["as_of"],
        # an incomplete is pending until the freeze at the end of the year, and for ever in T1
        incomplete_counts=row["is_frozen"] and code != "T1",
        keeps_plus_minus=frame.keeps_plus_minus,
        np_as_f={code: district["np_as_f"] for code, district in frame.districts.items()},
        first_term_ends={code: day for (code, of_year), day in frame.first_term_ends.items() if of_year == year},
    )
    return window_marks(student.marks, window)
