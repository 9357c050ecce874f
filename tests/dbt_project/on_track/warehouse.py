"""A small warehouse for the models of on_track and published: hand-made rows where harmonized and raw stand in a run.

The tables upstream are created from the columns that their yml promises, so that a renamed column breaks these tests;
they are never built. Where seeds have more rows, dbt is shown a project with these rooms and seeds, and parses it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.landing.raw_restated import TABLES as RESTATED
from tests.support.dbt import dbt, environment

PROJECT = Path(__file__).resolve().parents[3] / "dbt_project"
SHOWN = [
    "*.yml",
    "macros/**/*.sql",
    "models/on_track/**/*",
    "models/improvement/**/*",
    "models/privacy/**/*",
    "models/published/**/*",
    "tests/generic/*.sql",
    "tests/on_track/*.sql",
    "seeds/*",
]
RAW = {
    "district": "district varchar, district_code varchar, district_name varchar, system varchar, kind varchar, term_system varchar, "
    "grad_credits decimal(9, 4), period_absent_rule varchar, attendance_form varchar, np_as_f boolean, credit_multiplier decimal(9, 4)",
    "delivery": "district varchar, district_code varchar, delivery varchar, delivery_date date, known_from date, status varchar, "
    "is_synthetic boolean, reason varchar",
    "delivery_feed": "district_code varchar, delivery varchar, feed varchar, provides varchar, known_from date, n_files bigint, n_rows bigint, "
    "n_rejected bigint, n_blank bigint",
    "run": "as_of date",
    "kept_snapshot": "vantage varchar, rule_set varchar",
    "kept_freeze": "vantage varchar, rule_set varchar, signature varchar",
    **RESTATED,
}
CANONICAL = {
    "canon_school": "district_code varchar, school_code varchar, school_year integer, school_name varchar, school_type varchar, low_grade varchar, "
    "high_grade varchar, is_reporting boolean, staff_count integer, source_file_id varchar, source_row bigint, known_to date",
    "canon_term": "school_code varchar, school_year integer, term_code varchar, start_date date, end_date date, known_to date",
    "canon_student": "district_code varchar, local_student_id varchar, ssid varchar, known_to date",
}
# Built by tests of their own, from canonical rows.
SERIES = "path:models/improvement/series+"
BEFORE = ("path:models/harmonized", "path:models/staging", "path:tests/harmonized")
HUB = (
    "school_code varchar, network varchar, cohort varchar, start_year integer, end_year integer, source_file_id varchar, "
    "source_row bigint, known_to date"
)
STAGED = {
    "stg_core_hub__btsc_membership": HUB,
    "stg_core_hub__external_lane": "rule_set varchar, ssid varchar, cohort_year integer, snapshot_code varchar, lane integer, "
    "source_file_id varchar, source_row bigint, known_from date, known_to date",
    "stg_core_hub__capability_rating": "level varchar, entity_code varchar, domain varchar, rating_date date, rating integer, "
    "source_file_id varchar, source_row bigint, known_from date, known_to date, is_versioned boolean",
    "stg_core_hub__ssid_merge": "ssid_from varchar, ssid_to varchar, known_from date, known_to date",
}


def upstream_columns() -> dict[str, list[tuple[str, str]]]:
    """Tables of harmonized as their yml promises them: name -> (column, type)."""
    found = {}
    for path in sorted((PROJECT / "models" / "harmonized").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            if all("data_type" in column for column in model.get("columns", [{}])):
                found[model["name"]] = [(c["name"], c["data_type"]) for c in model["columns"]]
    return found


class SmallWarehouse:
    """A DuckDB file with empty upstream tables, to be filled by hand and then built by dbt."""

    def __init__(self, folder: Path, more_rows: dict[str, str] | None = None) -> None:
        self.folder, self.path = folder, folder / "core.duckdb"
        self.more_rows = more_rows or {}
        self.columns = upstream_columns()
        self.con = duckdb.connect(str(self.path))
        for schema in ("raw", "harmonized", "staging"):
            self.con.execute(f"create schema {schema}")
        for table, columns in self.columns.items():
            listing = ", ".join(f'"{name}" {kind}' for name, kind in columns)
            self.con.execute(f"create table harmonized.{table} ({listing})")
        for table, listing in CANONICAL.items():
            self.con.execute(f"create table harmonized.{table} ({listing})")
        for table, listing in RAW.items():
            self.con.execute(f"create table raw.{table} ({listing})")
        for table, listing in STAGED.items():
            self.con.execute(f"create table staging.{table} ({listing})")

    def insert(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Rows by column name; columns that are not named are NULL."""
        for row in rows:
            names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
            self.con.execute(f"insert into {table} ({names}) values ({marks})", list(row.values()))

    def build(self, *selection: str) -> None:
        """Seeds, models and tests of on_track and published. Raises AssertionError with dbt's words."""
        self.con.close()
        arguments = ["build", "--select"]
        arguments += list(selection) or ["resource_type:seed", "on_track", "improvement", "privacy", "published"]
        # a test of a reference needs both its tables; those of the rooms before are asked where these are built
        arguments += ["--exclude", SERIES, *BEFORE, "--indirect-selection", "buildable"]
        if self.more_rows:
            project = self._project()
            command = [str(Path(sys.executable).with_name("dbt")), *arguments]
            command += ["--project-dir", str(project), "--profiles-dir", str(project)]
            command += ["--target-path", str(self.folder / "target"), "--log-path", str(self.folder / "logs")]
            done = subprocess.run(command, env=environment(self.path), capture_output=True, text=True, check=False)
        else:
            done = dbt(self.path, self.folder / "target", *arguments)
        if done.returncode:
            raise AssertionError(done.stdout[-8000:] + done.stderr[-2000:])
        self.con = duckdb.connect(str(self.path))

    def _project(self) -> Path:
        project = self.folder / "dbt_project"
        shutil.rmtree(project, ignore_errors=True)
        for pattern in SHOWN:
            for path in sorted(p for p in PROJECT.glob(pattern) if p.is_file()):
                self._link(project, path)
        for name, rows in self.more_rows.items():
            seed = project / "seeds" / f"{name}.csv"
            together = seed.read_text(encoding="utf-8").rstrip("\n") + "\n" + rows
            seed.unlink()
            seed.write_text(together, encoding="utf-8")
        self._link(project, PROJECT / "models" / "staging" / "_sources.yml")
        rooms = {"harmonized": "harmonized", "staging/core_hub": "staging"}
        stubs = {
            path.stem: schema for room, schema in rooms.items() for path in (PROJECT / "models" / room).rglob("*.sql")
        }
        for name, schema in stubs.items():
            stub = project / "models" / "upstream" / f"{name}.sql"
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text(f"{{{{ config(schema='{schema}') }}}} select 1 as never_built", encoding="utf-8")
        return project

    @staticmethod
    def _link(project: Path, path: Path) -> None:
        shown = project / path.relative_to(PROJECT)
        shown.parent.mkdir(parents=True, exist_ok=True)
        shown.symlink_to(path)
