"""The three pages of a release: results (public tables only), checks, data dictionary. One file each, nothing to load.

Knows tables and words, no rule and no student: it shows what the public tier shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, PackageLoader, select_autoescape

from pipelines.release.candidate import Candidate
from pipelines.release.content import RECIPE
from pipelines.release.manifest import CONTRACT_VERSION, TableFacts
from pipelines.release.tiers import SourceTable

SHOWN_ROWS = 400


@dataclass(frozen=True)
class Page:
    """What the pages are written from."""

    release_id: str
    candidate: Candidate
    tables: dict[str, dict[str, TableFacts]]
    sources: dict[str, list[SourceTable]]


@dataclass(frozen=True)
class Grid:
    """A table as shown: header and rows of text."""

    caption: str
    columns: list[str]
    rows: list[list[str]]


def write_pages(con: duckdb.DuckDBPyConnection, folder: Path, page: Page) -> None:
    """Write site/index.html, quality/index.html and docs/index.html into a release folder."""
    templates = Environment(
        loader=PackageLoader("pipelines.release.site"),
        autoescape=select_autoescape(),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    common: dict[str, Any] = {"page": page, "candidate": page.candidate, "contract_version": CONTRACT_VERSION}
    contexts: dict[str, dict[str, Any]] = {
        "site": {"grids": _results(con, page)},
        "quality": {"suites": _suites(page.candidate.quality)},
        "docs": {"recipe": RECIPE, "entries": _dictionary(con, page), "lineage": page.candidate.lineage},
    }
    for name, context in contexts.items():
        (folder / name).mkdir()
        text = templates.get_template(f"{name}.html").render(**common, **context)
        (folder / name / "index.html").write_text(text, encoding="utf-8")


def _results(con: duckdb.DuckDBPyConnection, page: Page) -> list[Grid]:
    names = {table.name for table in page.sources["public"]}
    grids = []
    if {"metric", "metric_definition"} <= names:
        grids.append(
            _grid(
                con,
                "What the collaborative shows: settled figures of all students together",
                """select m.cohort_year as "ninth-grade cohort", m.metric_code as metric, d.formula as "worked out as",
                    m.snapshot_code as snapshot, m.basis as "compared with", m.display as figure,
                    m.numerator as students, m.denominator as "of", m.warning as note
                from public.metric as m left join public.metric_definition as d using (metric_code)
                order by m.cohort_year desc, m.metric_code, m.snapshot_code, m.basis, m.level, m.entity_code,
                    m.group_type, m.group_code""",
            )
        )
    grids += [
        _grid(con, caption, f"select * from public.{table} order by all")
        for table, caption in (
            ("delivery_status", "What each district has delivered"),
            ("data_quality", "What to know about the data"),
        )
        if table in names
    ]
    return grids


def _grid(con: duckdb.DuckDBPyConnection, caption: str, query: str) -> Grid:
    cursor = con.execute(f"select * from ({query}) limit {SHOWN_ROWS}")
    columns = [column[0] for column in cursor.description or []]
    return Grid(caption, columns, [[_text(value) for value in row] for row in cursor.fetchall()])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    # a year is no quantity; a count of a million is easier to read with its commas
    return f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)


def _suites(quality: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    suites: dict[str, list[dict[str, Any]]] = {}
    for verdict in quality:
        suites.setdefault(str(verdict["suite"]), []).append(verdict)
    for verdicts in suites.values():
        verdicts.sort(key=lambda verdict: (verdict["status"] == "passed", str(verdict["name"])))
    return suites


def _dictionary(con: duckdb.DuckDBPyConnection, page: Page) -> list[dict[str, Any]]:
    """One entry per table name: comment, tiers with rows, columns with type and comment."""
    types = {
        (schema, table, column): kind
        for schema, table, column, kind in con.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() "
            "where database_name = current_database()"
        ).fetchall()
    }
    entries: dict[str, dict[str, Any]] = {}
    for schema, tables in page.sources.items():
        for table in tables:
            entry = entries.setdefault(
                table.name,
                {
                    "name": table.name,
                    "comment": table.comment,
                    "tiers": [],
                    "columns": [
                        (column, types[schema, table.name, column], comment)
                        for column, comment in table.columns.items()
                    ],
                    "from": page.candidate.lineage.get(f"{schema}.{table.name}", []),
                },
            )
            entry["tiers"].append(schema)
    return sorted(entries.values(), key=lambda entry: str(entry["name"]))
