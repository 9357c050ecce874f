"""Tables of a rebuilt warehouse beside those of a release: content hashes first, rows only where these differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.release.content import content_hash
from pipelines.release.manifest import Manifest, TableFacts
from pipelines.release.tiers import RELEASE_DISTRICT, SourceTable, quoted, read_tables

STUDENT_KEY = "student_key"


@dataclass(frozen=True)
class Difference:
    """A table that is not the same; `what` says how, in counts."""

    tier: str
    table: str
    what: str

    def __str__(self) -> str:
        return f"{self.tier}.{self.table}: {self.what}"


@dataclass
class Comparison:
    """Tables and rows that were compared, what differs, and tables that were compared without student_key."""

    tables: int
    rows: int
    differences: list[Difference]
    without_key: int = 0


def compare(con: duckdb.DuckDBPyConnection, release: Path, manifest: Manifest, same_key: bool) -> Comparison:
    """Compare every table of the manifest with the warehouse behind `con`.

    Without the release's key, tables with a student_key are compared by their other columns.
    """
    found = Comparison(0, 0, [])
    schemas = {tier.split("/")[0] for tier in manifest.tables}
    sources = {schema: {table.name: table for table in read_tables(con, schema)} for schema in schemas}
    for tier, tables in sorted(manifest.tables.items()):
        schema, _, district = tier.partition("/")
        for name in sorted(sources[schema].keys() - tables.keys()):
            found.differences.append(Difference(tier, name, "is not in the release; this code makes it"))
        for name, facts in sorted(tables.items()):
            found.tables += 1
            found.rows += facts.rows
            table = sources[schema].get(name)
            if table is None:
                found.differences.append(Difference(tier, name, "is not made by this code"))
                continue
            beside = _Beside(con, release / tier / "core.duckdb", schema, district, table)
            if not same_key and STUDENT_KEY in table.columns:
                found.without_key += 1
                what = beside.rows_that_differ(without=STUDENT_KEY)
            else:
                what = beside.difference(facts)
            if what:
                found.differences.append(Difference(tier, name, what))
    return found


class _Beside:
    """One table, rebuilt and published."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, database: Path, schema: str, district: str, table: SourceTable
    ) -> None:
        self._con = con
        self._database = database
        self._table = table
        where = f" where {RELEASE_DISTRICT} = '{quoted(district)}'" if district else ""
        listed = ", ".join(f'"{column}"' for column in table.columns)
        self._rebuilt = f'(select {listed} from "{schema}"."{table.name}"{where})'

    def difference(self, facts: TableFacts) -> str:
        """How the rebuilt table differs from what the manifest says; empty if it does not."""
        rows, found = content_hash(self._con, self._rebuilt, list(self._table.columns))
        if (rows, found) == (facts.rows, facts.content_hash):
            return ""
        return self.rows_that_differ() or "the rows are equal, their order of columns or text form is not"

    def rows_that_differ(self, without: str = "") -> str:
        """Rows on one side alone, counted; empty if there are none."""
        self._con.execute(f"attach '{quoted(self._database)}' as published (read_only)")
        try:
            published = f'published.main."{self._table.name}"'
            columns = [row[0] for row in self._con.execute(f"describe select * from {published}").fetchall()]
            if new := [column for column in self._table.columns if column not in columns]:
                return f"columns that the release does not have: {', '.join(new)}"
            if gone := [column for column in columns if column not in self._table.columns]:
                return f"columns that this code does not make: {', '.join(gone)}"
            listed = ", ".join(f'"{column}"' for column in columns if column != without)
            sides = (f"select {listed} from {published}", f"select {listed} from {self._rebuilt}")
            only = [
                self._con.execute(f"select count(*) from ({a} except all {b})").fetchall()[0][0]
                for a, b in (sides, sides[::-1])
            ]
        finally:
            self._con.execute("detach published")
        if not any(only):
            return ""
        return f"{only[0]:,} rows are in the release alone, {only[1]:,} in the rebuild alone"
