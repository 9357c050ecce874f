"""A warehouse whose canonical entities are filled by hand, and the harmonized models computed on them by dbt.

Models above the canonical entities are the ones under test; staging and the merging of versions are left out by writing
the `canon_*` tables directly.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipelines.landing.raw_restated import TABLES as RESTATED
from tests.support.dbt import dbt

ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "dbt_project"
RAW = {
    "district": "district varchar, district_code varchar, district_name varchar, system varchar, kind varchar, "
    "term_system varchar, grad_credits decimal(9,4), period_absent_rule varchar, attendance_form varchar, "
    "np_as_f boolean, credit_multiplier decimal(9,4)",
    "code_map": "district_code varchar, map_name varchar, code varchar, value varchar, valid_from date, valid_to date",
    "delivery_feed": "district_code varchar, delivery varchar, feed varchar, provides varchar, known_from date, "
    "n_files bigint, n_rows bigint, n_rejected bigint, n_blank bigint",
    "run": "as_of date",
    "student_key_secret": "key varchar",
    "kept_freeze": "vantage varchar, rule_set varchar, signature varchar",
    **RESTATED,
}
SEEDS = (
    "state_course_subject subject_area grade_level mark_rule term_rule exit_reason race_code attendance_category "
    "window_rule rule_set"
).split()


def canonical_columns() -> dict[str, list[tuple[str, str]]]:
    """Columns and types of each entity, read from the one list of them (macros/canonical.sql)."""
    text = (PROJECT / "macros" / "canonical.sql").read_text()
    entities = {
        name: re.findall(r'\("(\w+)", "([^"]+)"\)', body)
        for name, body in re.findall(r'"(\w+)": \[\s*((?:\("\w+", "[^"]+"\),\s*)+)\]', text)
    }
    tail = re.findall(r'\("(\w+)", "([^"]+)"\)', text.split("set tail = [")[1].split("]")[0])
    return {name: columns + tail for name, columns in entities.items()}


class Warehouse:
    """A DuckDB file with schema raw and the canonical tables, all empty until rows are loaded."""

    def __init__(self, home: Path, as_of: dt.date) -> None:
        self.home = home
        self.path = home / "core.duckdb"
        home.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(self.path)) as con:
            con.execute("create schema raw; create schema harmonized; create schema staging")
            for table, columns in RAW.items():
                con.execute(f"create table raw.{table} ({columns})")
            con.execute("insert into raw.run values (?)", [as_of])
            con.execute("insert into raw.student_key_secret values ('test-key')")
            for entity, entity_columns in canonical_columns().items():
                con.execute(
                    f"create table harmonized.canon_{entity} ({', '.join(f'{c} {t}' for c, t in entity_columns)})"
                )
            con.execute(
                "create table staging.stg_core_hub__ssid_merge "
                "(ssid_from varchar, ssid_to varchar, known_from date, known_to date)"
            )
            con.execute(
                "create table staging.stg_calpads__absence_summary_difference (district_code varchar, "
                "school_code varchar, school_year integer, n_students bigint, n_differing bigint)"
            )

    def insert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows into a table by column name; a canonical row without provenance gets a place of its own."""
        filled = []
        for n, row in enumerate(rows, 1):
            if table.startswith("harmonized.canon_"):
                row = {"source_file_id": "f", "source_row": n, "is_versioned": False, **row}
                row = {k: v for k, v in row.items() if k not in ("lost_reason", "first_name", "last_name")}
            filled.append(row)
        if not filled:
            return
        sent = pa.Table.from_pylist(filled, schema=None)
        with duckdb.connect(str(self.path)) as con:
            con.register("sent", sent)
            con.execute(f"insert into {table} by name select * from sent")

    def load(self, entities: Mapping[str, list[dict[str, Any]]]) -> None:
        """Canonical rows by entity."""
        for entity, rows in entities.items():
            self.insert(f"harmonized.canon_{entity}", rows)

    def district(self, code: str, **parameters: Any) -> None:
        """A district with the usual parameters, unless stated otherwise."""
        self.insert("raw.district", [{"district": f"d{code}", "district_code": code, "district_name": f"District {code}",
            "system": "aeries", "kind": "district", "term_system": "semester", "grad_credits": 220,
            "period_absent_rule": "all_periods", "attendance_form": "absences", "np_as_f": True,
            "credit_multiplier": 1, **parameters}])  # fmt: skip

    def brings(self, code: str, known_from: dt.date, *provides: str) -> None:
        """A delivery that brought these feeds."""
        self.insert("raw.delivery_feed", [{"district_code": code, "delivery": str(known_from), "feed": p, "provides": p,
            "known_from": known_from, "n_files": 1, "n_rows": 0, "n_rejected": 0, "n_blank": 0} for p in provides])  # fmt: skip

    def dbt(self, *arguments: str) -> str:
        """A dbt command on this warehouse; its output. Fails the test where dbt fails."""
        done = dbt(self.path, self.home / "target", *arguments)
        assert done.returncode == 0, done.stdout[-6000:]
        return done.stdout

    def build(self) -> None:
        """Seeds, then every harmonized model above the canonical entities."""
        self.dbt("build", "--select", *SEEDS, "harmonized", "--exclude", "path:models/harmonized/canonical",
                 "resource_type:test", "resource_type:unit_test")  # fmt: skip

    def rows(self, sql: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query as dicts."""
        with duckdb.connect(str(self.path), read_only=True) as con:
            cursor = con.execute(sql, list(parameters))
            names = [d[0] for d in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
