"""Schema raw of a few rows written by hand, for tests of staging that trust neither a reader nor a writer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb
import yaml

STAGING = Path(__file__).resolve().parents[2] / "dbt_project" / "models" / "staging"
HEAD = (
    "_district_code varchar, _delivery varchar, _file_id varchar, _row bigint, _scope varchar, _known_from date, "
    "_known_to date, _is_versioned boolean"
)


class HandRaw:
    """Raw tables of one system, empty but for what is put in; every column text, as the reader leaves it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, systems: Sequence[str]) -> None:
        self.con = con
        con.execute("create schema raw")
        con.execute(
            "create table raw.district (district varchar, district_code varchar, system varchar, credit_multiplier decimal(9,4))"
        )
        con.execute(
            "create table raw.code_map (district_code varchar, map_name varchar, code varchar, value varchar, "
            "valid_from date, valid_to date)"
        )
        con.execute(
            "create table raw.mark_scale (district_code varchar, scale_id varchar, valid_from date, valid_to date, "
            "mark_raw varchar, low decimal(9,4), high decimal(9,4), mark varchar)"
        )
        for system in systems:
            text = (STAGING / system / "_sources.yml").read_text(encoding="utf-8")
            for table in yaml.safe_load(text)["sources"][0]["tables"]:
                columns = ", ".join(f'"{column["name"]}" varchar' for column in table["columns"])
                con.execute(f"create table raw.{table['name']} ({HEAD}, {columns})")
        self._row = 0

    def district(self, code: str, system: str, multiplier: int = 1) -> None:
        self.con.execute("insert into raw.district values (?, ?, ?, ?)", [f"d{code}", code, system, multiplier])

    def codes(self, district: str, map_name: str, **values: str) -> None:
        for code, value in values.items():
            self.con.execute(
                "insert into raw.code_map values (?, ?, ?, ?, null, null)",
                [district, map_name, code.removeprefix("_"), value],
            )

    def put(
        self, table: str, district: str, since: dt.date, until: dt.date | None = None, **values: str | None
    ) -> None:
        """One row of one file, in force from a day until another."""
        self._row += 1
        names = ["_district_code", "_file_id", "_row", "_known_from", "_known_to", "_is_versioned", *values]
        self.con.execute(
            f"insert into raw.{table} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
            [district, f"file-{since}", self._row, since, until, until is not None, *values.values()],
        )
