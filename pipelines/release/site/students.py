"""Each district's student list as a page of the restricted tier: beside its database, linked from nowhere."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment

from pipelines.release.candidate import Candidate
from pipelines.release.needs import Needs, by_lane, by_measure, measure_words, read_needs
from pipelines.release.site.tables import Cell, Column, Row, Table
from pipelines.release.site.words import measured_words

PAGE = "students.html"
UP = "../../"
NEEDED = {"student", "enrollment", "student_snapshot", "snapshot_reason"}
COLUMNS = (
    Column("Known from", is_text=True),
    Column("GPA"),
    Column("Attendance"),
    Column("F in core"),
    Column("What the next lane asks for", is_text=True),
)


def write_student_pages(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    templates: Environment,
    common: dict[str, Any],
    candidate: Candidate,
    tables: set[str],
) -> None:
    """Write restricted/<district>/students.html for every district of the release, readable for its owner alone."""
    if not tables >= NEEDED:
        return
    names = dict(con.execute("select school_code, school_name from partner.dim_school").fetchall())
    for district in candidate.restricted:
        students = read_needs(con, "restricted", district, candidate.as_of, candidate.rule_set)
        schools = [
            (names.get(code, code), code, _missing(list(of)), _lanes(list(of)))
            for code, of in ((code, list(rows)) for code, rows in groupby(students, key=lambda each: each.school_code))
        ]
        text = templates.get_template(PAGE).render(
            **common | {"home": UP + "site/index.html", "menu": []},
            title="Who needs what, and why",
            here="",
            district=district,
            schools=schools,
        )
        path = folder / "restricted" / district / PAGE
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)


def _missing(students: list[Needs]) -> Table:
    return Table(
        caption="What is missing for the next lane",
        first="What",
        columns=[Column("Students"), Column("Who", is_text=True)],
        rows=[
            Row(
                measure_words(measure),
                [Cell(str(len(of))), Cell(", ".join(each.local_student_id for each in of))],
            )
            for measure, of in by_measure(students).items()
        ],
    )


def _lanes(students: list[Needs]) -> list[Table]:
    return [
        Table(
            caption=name if lane > 9 else f"Lane {lane}: {name}",
            first="Student",
            columns=COLUMNS,
            rows=[Row(each.local_student_id, _cells(each)) for each in of],
        )
        for (lane, name), of in by_lane(students).items()
    ]


def _cells(student: Needs) -> list[Cell]:
    taken = measured_words(student.snapshot_code, None) if student.snapshot_code else "nothing yet"
    reason = student.null_reason.replace("_", " ") if student.null_reason else ""
    return [
        Cell(taken),
        Cell("–" if student.gpa is None else f"{student.gpa:.2f}"),
        Cell("–" if student.attendance_rate is None else f"{student.attendance_rate:.1%}"),
        Cell("–" if student.n_f_core is None else f"{student.n_f_core:g}"),
        Cell("; ".join(student.sentences) or reason or "nothing: this is the highest lane"),
    ]
