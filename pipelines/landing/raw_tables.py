"""The small tables of schema `raw`, what staging expects there, and what is kept of freezes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pipelines.landing.ledger import Ledger
from pipelines.landing.readers.rawfile import text
from pipelines.settings import PROJECT, Settings

if TYPE_CHECKING:
    import duckdb

STAGING = PROJECT / "dbt_project" / "models" / "staging"
HEAD = (
    "_district_code varchar, _delivery varchar, _file_id varchar, _row bigint, _scope varchar, "
    "_known_from date, _known_to date, _is_versioned boolean"
)
TABLES = """
create table raw.district (
    district varchar, district_code varchar, district_name varchar, system varchar, kind varchar, term_system varchar,
    grad_credits decimal(9, 4), period_absent_rule varchar, attendance_form varchar, np_as_f boolean,
    credit_multiplier decimal(9, 4)
);
create table raw.code_map (
    district_code varchar, map_name varchar, code varchar, value varchar, valid_from date, valid_to date
);
create table raw.mark_scale (
    district_code varchar, scale_id varchar, valid_from date, valid_to date, mark_raw varchar, low decimal(9, 4),
    high decimal(9, 4), mark varchar
);
create table raw.delivery (
    district varchar, district_code varchar, delivery varchar, delivery_date date, known_from date, status varchar,
    is_synthetic boolean, reason varchar
);
create table raw.delivery_feed (
    district_code varchar, delivery varchar, feed varchar, provides varchar, known_from date, n_files integer,
    n_rows bigint, n_rejected bigint, n_blank bigint
);
create table raw.reject_count (
    district_code varchar, delivery varchar, feed varchar, path varchar, reason varchar, n bigint, first_line bigint
);
create table raw.run (as_of date);
create table raw.student_key_secret (key varchar);
create table raw.scope (district_code varchar, school_year integer);
create table raw.file_force (
    district_code varchar, feed varchar, _file_id varchar, _scope varchar, _delivery varchar, _known_from date,
    _known_to date, _is_versioned boolean
);
"""


@dataclass
class RawSource:
    """Feeds and columns that staging reads of one system: they exist even if no contract has them."""

    system: str
    feeds: dict[str, list[str]] = field(default_factory=dict)


def staging_sources(folder: Path = STAGING) -> dict[str, RawSource]:
    """What each system's `_sources.yml` expects: tables `<system>__<feed>` with their columns, `_` columns aside."""
    sources: dict[str, RawSource] = {}
    for path in sorted(folder.glob("*/_sources.yml")):
        system = path.parent.name
        source = sources.setdefault(system, RawSource(system))
        document = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for entry in document.get("sources") or []:
            for table in entry.get("tables") or []:
                name = str(table.get("identifier") or table["name"])
                if name.startswith(f"{system}__"):
                    columns = [str(column["name"]) for column in table.get("columns") or []]
                    source.feeds[name.removeprefix(f"{system}__")] = [c for c in columns if not c.startswith("_")]
    return sources


def kept_tables(con: duckdb.DuckDBPyConnection, settings: Settings, ledger: Ledger, as_of: dt.date) -> None:
    """Frozen snapshots that the ledger knows as published by as-of, and their signatures; empty while there is none.

    A file that is gone is left out: its freeze is then computed again.
    """
    kept = [f for f in ledger.freezes() if f.freeze_date <= as_of and (settings.frozen / f.file).is_file()]
    con.execute("create table raw.kept_freeze (vantage varchar, rule_set varchar, signature varchar)")
    if not kept:
        con.execute(
            "create table raw.kept_snapshot (vantage varchar, person_id varchar, school_year integer, "
            "window_code varchar, role varchar, rule_set varchar)"
        )
        return
    listed = "[" + ", ".join(text(str(settings.frozen / freeze.file)) for freeze in kept) + "]"
    con.execute(f"create view raw.kept_snapshot as select * from read_parquet({listed}, union_by_name = true)")
    for freeze in kept:
        con.execute(
            "insert into raw.kept_freeze select distinct vantage, rule_set, ? from raw.kept_snapshot where vantage = ? "
            "order by all",
            [freeze.signature, freeze.vantage],
        )


def insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[Any]]) -> None:
    """Insert rows into a table of schema raw, some hundred at a time."""
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(part))
        con.execute(f"insert into raw.{table} values {marks}", [value for row in part for value in row])
