"""Schema `facts`: one table per canonical entity, shared by the synthetic world, the golden students and the writers.

The columns are those of dbt_project/macros/canonical.sql without source_* and is_versioned, so that the project has one
list of them. Added is only what a file needs and the warehouse does not keep (names, a text that was sent instead of a
value), and `lost_reason`.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import duckdb

CANONICAL = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "canonical.sql"

# Columns that only files carry. *_sent is the text to write where it differs from the value that can be recovered.
FILE_ONLY: dict[str, list[tuple[str, str]]] = {
    "student": [
        ("first_name", "varchar"),
        ("last_name", "varchar"),
        ("ssid_sent", "varchar"),
        ("birth_date_sent", "varchar"),
    ],
}

# Identity of a row in the eyes of a district: versions of one key follow each other in time and never overlap.
KEYS: dict[str, list[str]] = {
    "school": ["school_code", "school_year"],
    "term": ["school_code", "school_year", "term_code"],
    "calendar_day": ["school_code", "calendar_date"],
    "student": ["local_student_id"],
    "student_program": ["local_student_id", "program", "value", "start_date"],
    "enrollment": ["local_student_id", "school_code", "entry_date", "enrollment_status"],
    "course_mark": ["local_student_id", "school_code", "school_year", "section_id", "term_code", "is_final"],
    "attendance_event": ["local_student_id", "school_code", "calendar_date", "period"],
    "attendance_recorded": ["local_student_id", "school_code", "calendar_date"],
    "incident": ["local_student_id", "incident_id"],
    "supplied_gpa": ["local_student_id", "school_year", "term_code", "is_weighted"],
}

# What the hub sends; not canonical, since one system has it (staging: stg_core_hub__<table>).
HUB: dict[str, list[tuple[str, str]]] = {
    "btsc_membership": [
        ("school_code", "varchar"),
        ("network", "varchar"),
        ("cohort", "varchar"),
        ("start_year", "integer"),
        ("end_year", "integer"),
    ],
    "focus_area": [
        ("district_code", "varchar"),
        ("focus_area_id", "varchar"),
        ("focus_area_name", "varchar"),
        ("measure_code", "varchar"),
        ("group_type", "varchar"),
        ("group_code", "varchar"),
        ("baseline", "decimal(9,4)"),
        ("aim", "decimal(9,4)"),
        ("start_date", "date"),
        ("aim_date", "date"),
    ],
    "pdsa_cycle": [
        ("pdsa_cycle_id", "varchar"),
        ("school_code", "varchar"),
        ("driver", "varchar"),
        ("start_date", "date"),
        ("end_date", "date"),
        ("note", "varchar"),
    ],
    "capability_rating": [
        ("level", "varchar"),
        ("entity_code", "varchar"),
        ("domain", "varchar"),
        ("rating_date", "date"),
        ("rating", "integer"),
    ],
    "ssid_merge": [
        ("ssid_from", "varchar"),
        ("ssid_to", "varchar"),
        ("decided_on", "date"),
        ("reason", "varchar"),
    ],
}
HUB_TAIL = [("known_from", "date"), ("known_to", "date")]


@cache
def canonical_columns() -> dict[str, list[tuple[str, str]]]:
    """Entity -> (column, DuckDB type) in canonical order, then the file-only columns and the tail.

    Read from the dbt macro. Raises ValueError if the macro no longer has the form that is parsed here.
    """
    text = CANONICAL.read_text(encoding="utf-8")
    tables: dict[str, list[tuple[str, str]]] = {}
    for entity, body in re.findall(r'"(\w+)": \[(.*?)\n        \]', text, flags=re.DOTALL):
        columns = re.findall(r'\("(\w+)", "([\w(),]+)"\)', body)
        tail = [("known_from", "date"), ("known_to", "date"), ("lost_reason", "varchar")]
        tables[entity] = [*columns, *FILE_ONLY.get(entity, []), *tail]
    if set(tables) != set(KEYS):
        raise ValueError(f"{CANONICAL.name}: entities {sorted(tables)} found, {sorted(KEYS)} expected")
    return tables


def create_facts(con: duckdb.DuckDBPyConnection) -> None:
    """Create schema `facts` with one empty table per canonical entity and list of the hub (replaces what was there)."""
    con.execute("drop schema if exists facts cascade; create schema facts")
    tables = canonical_columns() | {table: [*columns, *HUB_TAIL] for table, columns in HUB.items()}
    for entity, columns in tables.items():
        con.execute(f"create table facts.{entity} ({', '.join(f'{name} {kind}' for name, kind in columns)})")
