"""One tier of a release: a DuckDB file and a Parquet file a table, both sorted, commented and read back.

Copies schemas of the warehouse as they are; decides nothing about who may see what (that is SQL in dbt_project/).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.content import content_hash
from pipelines.release.manifest import TableFacts

RELEASE_DISTRICT = "_release_district"
# so that clients with an older DuckDB (1.4 on) open it
STORAGE_VERSION = "v1.0.0"


class ReleaseError(RuntimeError):
    """What was written is not what was meant; nothing is published."""


@dataclass(frozen=True)
class Tier:
    """A database of a release: all of `schema`, or only the rows of one district."""

    name: str
    schema: str
    district: str | None = None


@dataclass(frozen=True)
class SourceTable:
    """A table of the warehouse with its comments, as published (without the column that tells the district)."""

    name: str
    comment: str
    columns: dict[str, str]


def read_tables(con: duckdb.DuckDBPyConnection, schema: str) -> list[SourceTable]:
    """The tables of a warehouse schema by name, with the comments of tables and columns (dbt writes them)."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, comment in con.execute(
        "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where database_name = current_database() and schema_name = ? order by table_name, column_index",
        [schema],
    ).fetchall():
        if column != RELEASE_DISTRICT:
            columns.setdefault(table, {})[column] = comment
    comments = con.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() "
        "where database_name = current_database() and schema_name = ? order by table_name",
        [schema],
    ).fetchall()
    return [SourceTable(name, comment, columns[name]) for name, comment in comments]


def write_tier(
    con: duckdb.DuckDBPyConnection, tier: Tier, tables: list[SourceTable], folder: Path
) -> dict[str, TableFacts]:
    """Write `folder`/core.duckdb and `folder`/parquet/, read both back, and return what stands in them.

    Raises ReleaseError if the database and the Parquet file of a table differ.
    """
    database, parquet = folder / "core.duckdb", folder / "parquet"
    parquet.mkdir(parents=True)
    with _attached(con, database, f"STORAGE_VERSION '{STORAGE_VERSION}'"):
        for table in tables:
            con.execute(f'create table tier.main."{table.name}" as {_rows(tier, table)}')
        # one statement a column, one transaction for all of them: two thousand commits would take longer than the data
        con.execute("begin; " + "; ".join(line for table in tables for line in _comments(table)) + "; commit")
        con.execute("checkpoint tier")
    facts = {}
    with _attached(con, database, "READ_ONLY"):
        for table in tables:
            target = parquet / f"{table.name}.parquet"
            con.execute(f"copy tier.main.\"{table.name}\" to '{quoted(target)}' (format parquet, compression zstd)")
            facts[table.name] = _read_back(con, table, target, f"{tier.name}.{table.name}")
    return facts


def _rows(tier: Tier, table: SourceTable) -> str:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    where = f"where {RELEASE_DISTRICT} = '{quoted(tier.district)}'" if tier.district is not None else ""
    return f'select {columns} from "{tier.schema}"."{table.name}" {where} order by all'


def _comments(table: SourceTable) -> Iterator[str]:
    yield f"comment on table tier.main.\"{table.name}\" is '{quoted(table.comment)}'"
    for column, comment in table.columns.items():
        yield f'comment on column tier.main."{table.name}"."{column}" is \'{quoted(comment)}\''


def _read_back(con: duckdb.DuckDBPyConnection, table: SourceTable, parquet: Path, name: str) -> TableFacts:
    columns = list(table.columns)
    stored = content_hash(con, f'tier.main."{table.name}"', columns)
    copied = content_hash(con, f"read_parquet('{quoted(parquet)}')", columns)
    if stored != copied:
        raise ReleaseError(
            f"{name}: the database holds {stored[0]} rows and its Parquet file {copied[0]}, not the same"
        )
    return TableFacts(rows=stored[0], content_hash=stored[1])


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, database: Path, option: str) -> Iterator[None]:
    con.execute(f"attach '{quoted(database)}' as tier ({option})")
    try:
        yield
    finally:
        con.execute("detach tier")


def quoted(text: object) -> str:
    """Text for the inside of a SQL literal."""
    return str(text).replace("'", "''")
