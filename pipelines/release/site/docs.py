"""What the data dictionary of a release shows: tables with keys, references and origin, code lists, the picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.release.dictionary import PublishedTable, published_tables
from pipelines.release.site import erd
from pipelines.release.tiers import SourceTable


@dataclass(frozen=True)
class Entry:
    """A table of the dictionary; `declared` is what the dbt project says of it, None where it is not known there."""

    name: str
    comment: str
    tiers: list[str]
    columns: list[tuple[str, str, str]]
    made_from: list[str]
    declared: PublishedTable | None
    referred_by: list[str]


@dataclass(frozen=True)
class Codes:
    """A list of codes: the rows of a seed that is marked as one."""

    name: str
    comment: str
    columns: list[str]
    rows: list[tuple[object, ...]]


def entries(
    con: duckdb.DuckDBPyConnection,
    sources: Mapping[str, list[SourceTable]],
    lineage: Mapping[str, list[str]],
    project: Mapping[str, Any],
) -> list[Entry]:
    """One entry per table name: comment, tiers, columns with type and comment, key, references, origin."""
    declared = {table.name: table for table in published_tables(project)} if project else {}
    types = {
        (schema, table, column): kind
        for schema, table, column, kind in con.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database()"
        ).fetchall()
    }
    found: dict[str, Entry] = {}
    for schema, tables in sources.items():
        for table in tables:
            entry = found.setdefault(
                table.name,
                Entry(
                    name=table.name,
                    comment=table.comment,
                    tiers=[],
                    columns=[
                        (column, types[schema, table.name, column], comment)
                        for column, comment in table.columns.items()
                    ],
                    made_from=[],
                    declared=declared.get(table.name),
                    referred_by=[
                        other.name
                        for other in declared.values()
                        if any(reference.table == table.name for reference in other.references)
                    ],
                ),
            )
            if entry.tiers:
                known = {column for column, *_ in entry.columns}
                entry.columns.extend(
                    (column, types[schema, table.name, column], f"{comment} ({schema} tier alone)")
                    for column, comment in table.columns.items()
                    if column not in known
                )
            entry.tiers.append(schema)
            origin = lineage.get(f"{schema}.{table.name}", [])
            entry.made_from.extend(parent for parent in origin if parent not in entry.made_from)
    return [found[name] for name in sorted(found)]


def codes(con: duckdb.DuckDBPyConnection, project: Mapping[str, Any]) -> list[Codes]:
    """The seeds that hold lists of codes, with their rows."""
    seeds = [
        node
        for node in project.get("nodes", {}).values()
        if node["resource_type"] == "seed" and node["meta"].get("kind") == "codes"
    ]
    found = []
    for node in sorted(seeds, key=lambda node: str(node["name"])):
        cursor = con.execute(f'select * from "{node["schema"]}"."{node["alias"]}" order by all')
        columns = [column[0] for column in cursor.description or []]
        found.append(Codes(node["name"], node["description"], columns, cursor.fetchall()))
    return found


def picture(project: Mapping[str, Any]) -> str:
    """The published tables as SVG for the inside of a page (which needs no namespace); empty without a project."""
    return erd.draw(published_tables(project)).replace(' xmlns="http://www.w3.org/2000/svg"', "") if project else ""
