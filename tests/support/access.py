"""Who may be in a district's database, and up to which day: from the true facts alone, in plain Python.

A second implementation of what published.md says of the restricted tier; knows nothing of the project's SQL.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from tests.reference.compute import person_ids
from tests.reference.facts import FAR, Enrollment, Student
from tests.support.truth import student_key

#: table -> day on which a row of it began; rows of other tables are looked up, or credited
DAYS = {
    "enrollment": "entry_date",
    "course_mark": "term_start",
    "incident": "incident_date",
    "student_term": "entry_date",
}


@dataclass
class Stay:
    """What a student's last day in a district was: as such, and with the summer after a year that ended there."""

    last_day: dt.date
    with_summer: dt.date


def _tonight(truth: Path, entity: str, columns: str, as_of: dt.date) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        path = str(truth / f"{entity}.parquet")
        have = {c[0] for c in con.execute("describe select * from read_parquet(?)", [path]).fetchall()}
        sent = "and lost_reason is distinct from 'bad_row'" if "lost_reason" in have else ""
        return con.execute(
            f"select {columns} from read_parquet(?) where known_from <= ? and (known_to is null or known_to > ?) {sent}",
            [path, as_of, as_of],
        ).fetchall()


def stays(truth: Path, as_of: dt.date, secret: str) -> dict[str, dict[str, Stay]]:
    """student_key -> district code -> stay. A no-show is no stay; a secondary enrollment is one."""
    with duckdb.connect() as con:
        merges = dict(
            con.execute(
                "select ssid_from, ssid_to from read_parquet(?)", [str(truth / "ssid_merge.parquet")]
            ).fetchall()
        )
    students = _tonight(truth, "student", "district_code, local_student_id, ssid, birth_date, first_grade9_year", as_of)
    ids = person_ids([Student(*row) for row in students], merges)
    rows = _tonight(
        truth,
        "enrollment",
        "district_code, local_student_id, school_code, school_year, grade_level, entry_date, exit_date, exit_reason, "
        "enrollment_status",
        as_of,
    )
    found: dict[str, dict[str, Stay]] = defaultdict(dict)
    for row in map(Enrollment._make, rows):
        no_show = row.exit is not None and (
            row.exit < row.entry or (row.exit_reason == "N470" and row.exit == row.entry)
        )
        if no_show:
            continue
        person = ids.get((row.district, row.local_id), f"{row.district}:{row.local_id}")
        last = row.exit or FAR
        summer = max(last, dt.date(row.year, 8, 31)) if row.exit_reason == "E155" else last
        stay = found[student_key(secret, person)].setdefault(row.district, Stay(dt.date.min, dt.date.min))
        stay.last_day, stay.with_summer = max(stay.last_day, last), max(stay.with_summer, summer)
    return found


def too_late(known: dict[str, Stay], district: str, row_district: str, day: dt.date) -> bool:
    """Whether a row that began on `day` in `row_district` is none of `district`'s business."""
    mine = known[district]
    if mine.with_summer == max(stay.with_summer for stay in known.values()):
        return False
    return day > (mine.with_summer if row_district == district else mine.last_day)
