"""The tables of a release that may leave the house. There is no way from here to the restricted tier."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import duckdb

from pipelines.digest import file_sha256
from pipelines.release.find import find_release, read_release
from pipelines.release.manifest import Manifest
from pipelines.settings import OpenTier
from pipelines.targets.errors import TargetError


@dataclass(frozen=True)
class Column:
    """A column of a published table, with DuckDB's name of its type."""

    name: str
    kind: str
    comment: str


@dataclass(frozen=True)
class OpenTable:
    """A table of an open tier."""

    name: str
    comment: str
    columns: list[Column]


@dataclass(frozen=True)
class OpenRelease:
    """A release, seen through its public and partner tiers alone."""

    folder: Path
    manifest: Manifest

    @property
    def release_id(self) -> str:
        """Its id."""
        return self.manifest.release_id

    def tables(self, tier: OpenTier) -> list[OpenTable]:
        """Tables of a tier by name, with the comments that stand in the database."""
        with self.connected(tier) as con:
            columns: dict[str, list[Column]] = {}
            for table, *column in con.execute(
                "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
                "where database_name = current_database() and schema_name = 'main' order by table_name, column_index"
            ).fetchall():
                columns.setdefault(table, []).append(Column(*column))
            comments = con.execute(
                "select table_name, coalesce(comment, '') from duckdb_tables() "
                "where database_name = current_database() and schema_name = 'main' order by table_name"
            ).fetchall()
        found = [OpenTable(name, comment, columns[name]) for name, comment in comments]
        if {table.name for table in found} != set(self.manifest.tables[tier]):
            raise TargetError(f"{self.release_id}: the tables of {tier} are not those of its manifest")
        return found

    @contextmanager
    def connected(self, tier: OpenTier) -> Iterator[duckdb.DuckDBPyConnection]:
        """The database of a tier, opened to be read."""
        con = duckdb.connect(str(self.file(f"{_open(tier)}/core.duckdb")), read_only=True)
        try:
            yield con
        finally:
            con.close()

    def parquet(self, tier: OpenTier, table: str) -> Path:
        """The Parquet file of a table."""
        return self.file(f"{_open(tier)}/parquet/{table}.parquet")

    def file(self, path: str) -> Path:
        """A file of the release by its path in the manifest."""
        return self.folder / path

    def check_file(self, path: str) -> None:
        """A file is still what was published. Raises TargetError."""
        listed = next((file for file in self.manifest.files if file.path == path), None)
        found = self.file(path)
        if listed is None or not found.is_file() or file_sha256(found) != listed.sha256:
            raise TargetError(
                f"{self.release_id}: {path} is not what was published; nothing was loaded. Take the release from a "
                "backup, or load another one (core releases)"
            )


def open_release(published: Path, asked: str) -> OpenRelease:
    """The release that `asked` means. Raises WrongAskError or DamagedError."""
    folder = find_release(published, asked)
    return OpenRelease(folder, read_release(folder))


def _open(tier: str) -> str:
    # settings cannot name another tier; this holds for whatever calls from here on
    if tier not in get_args(OpenTier):
        raise TargetError(f"tier {tier} never leaves the house")
    return tier
