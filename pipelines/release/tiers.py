"""One tier of a release: a DuckDB file and a Parquet file a table, both sorted, commented and read back.

Copies schemas of the warehouse as they are; decides nothing about who may see what (that is SQL in dbt_project/).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.content import content_hash
from pipelines.release.manifest import TableFacts

RELEASE_DISTRICT = "_release_district"
# so that clients with an older DuckDB (1.4 on) open it
STORAGE_VERSION = "v1.0.0"
AT_A_TIME = 2


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


def write_tiers(
    con: duckdb.DuckDBPyConnection, tiers: list[Tier], sources: dict[str, list[SourceTable]], folder: Path
) -> dict[str, dict[str, TableFacts]]:
    """Write every tier into `folder`/<name of the tier>/, read all back, and return what stands in them, by tier.

    Tiers are small and many, and one of them keeps one processor busy: two are written at a time.

    Raises ReleaseError if the database and the Parquet file of a table differ.
    """
    (threads,) = con.execute("select current_setting('threads')").fetchall()[0]
    with ThreadPoolExecutor(min(AT_A_TIME, int(threads))) as pool:
        written = [
            pool.submit(_TierWriter(con.cursor(), tier, number).write, sources[tier.schema], folder / tier.name)
            for number, tier in enumerate(tiers)
        ]
        return {tier.name: facts.result() for tier, facts in zip(tiers, written, strict=True)}


class _TierWriter:
    """Writes one tier; its database is attached under a name of its own."""

    def __init__(self, con: duckdb.DuckDBPyConnection, tier: Tier, number: int) -> None:
        self._con = con
        self._tier = tier
        self._alias = f"tier_{number}"

    def write(self, tables: list[SourceTable], folder: Path) -> dict[str, TableFacts]:
        """core.duckdb and parquet/ in `folder`, which must not exist."""
        database, parquet = folder / "core.duckdb", folder / "parquet"
        parquet.mkdir(parents=True)
        with self._attached(database, f"STORAGE_VERSION '{STORAGE_VERSION}'"):
            for table in tables:
                self._con.execute(f"create table {self._name(table)} as {self._rows(table)}")
            # one transaction for all words: two thousand commits would take longer than the data
            words = "; ".join(line for table in tables for line in self._comments(table))
            self._con.execute(f"begin; {words}; commit")
            self._con.execute(f"checkpoint {self._alias}")
        with self._attached(database, "READ_ONLY"):
            return {table.name: self._read_back(table, parquet / f"{table.name}.parquet") for table in tables}

    def _name(self, table: SourceTable) -> str:
        return f'{self._alias}.main."{table.name}"'

    def _rows(self, table: SourceTable) -> str:
        columns = ", ".join(f'"{column}"' for column in table.columns)
        district = self._tier.district
        where = f"where {RELEASE_DISTRICT} = '{quoted(district)}'" if district is not None else ""
        return f'select {columns} from "{self._tier.schema}"."{table.name}" {where} order by all'

    def _comments(self, table: SourceTable) -> Iterator[str]:
        yield f"comment on table {self._name(table)} is '{quoted(table.comment)}'"
        for column, comment in table.columns.items():
            yield f"comment on column {self._name(table)}.\"{column}\" is '{quoted(comment)}'"

    def _read_back(self, table: SourceTable, parquet: Path) -> TableFacts:
        columns, stored, copied = list(table.columns), self._name(table), f"read_parquet('{quoted(parquet)}')"
        self._con.execute(f"copy {stored} to '{quoted(parquet)}' (format parquet, compression zstd)")
        if self._quick_hash(stored, columns) != self._quick_hash(copied, columns):
            raise ReleaseError(f"{self._tier.name}.{table.name}: the Parquet file does not hold the database's rows")
        rows, found = content_hash(self._con, stored, columns)
        return TableFacts(rows=rows, content_hash=found)

    def _quick_hash(self, relation: str, columns: list[str]) -> tuple[int, int]:
        """Rows and the engine's own hash over them: good for comparing two copies within one run, and only for that."""
        listed = ", ".join(f'"{column}"' for column in columns)
        rows, found = self._con.execute(
            f"select count(*), coalesce(sum(hash({listed})), 0) from {relation}"
        ).fetchall()[0]
        return int(rows), int(found)

    @contextmanager
    def _attached(self, database: Path, option: str) -> Iterator[None]:
        self._con.execute(f"attach '{quoted(database)}' as {self._alias} ({option})")
        try:
            yield
        finally:
            self._con.execute(f"detach {self._alias}")


def quoted(text: object) -> str:
    """Text for the inside of a SQL literal."""
    return str(text).replace("'", "''")
