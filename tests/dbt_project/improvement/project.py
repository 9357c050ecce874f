"""A dbt project of a few macros and seeds of ours on tables written by hand: rules that need nothing before them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from tests.support.nightly import PROJECT as ROOT

PROJECT = ROOT / "dbt_project"
ALWAYS = ("dbt_project.yml", "profiles.yml", "macros/generate_schema_name.sql")
MADE = '{{ config(materialized="table", schema="made") }} '


def build(
    home: Path, linked: Iterable[str], models: Mapping[str, str], given: Mapping[str, list[dict[str, Any]]]
) -> Path:
    """Models by name and SQL, on tables `main.<name>` of the rows given; the database, with what was made in schema `made`."""
    for path in (*ALWAYS, *linked):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / path, home / path)
    (home / "models").mkdir(exist_ok=True)
    for name, sql in models.items():
        (home / "models" / f"{name}.sql").write_text(MADE + sql)
    database = home / "core.duckdb"
    with duckdb.connect(str(database)) as con:
        for name, rows in given.items():
            con.register("sent", pa.Table.from_pylist(rows))
            con.execute(f"create table {name} as from sent")
            con.unregister("sent")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("dbt")), "--quiet", "build", "--project-dir", str(home),
         "--profiles-dir", str(home), "--target-path", str(home / "target"), "--log-path", str(home / "logs")],
        env={**os.environ, "CORE_WAREHOUSE": str(database), "DO_NOT_TRACK": "1",
             "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return database


def rows(database: Path, query: str) -> list[dict[str, Any]]:
    """The rows of a query as dicts."""
    with duckdb.connect(str(database), read_only=True) as con:
        cursor = con.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
