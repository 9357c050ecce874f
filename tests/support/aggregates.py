"""Holds the figures of a home against the reference: every cell, both directions, and every figure that is shown.

Cells are read from the warehouse before anything is hidden (`on_track.metric_cell`); what is shown is read from the release by
the names of the published contract. Counts must be equal; means within a billionth.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from tests.reference import facts, lanes
from tests.reference.aggregates import groups
from tests.reference.aggregates.cells import Cell, Counts
from tests.reference.aggregates.compute import all_cells, network_cohorts
from tests.support.nightly import Home
from tests.support.truth import computed

KEY = ("metric_code", "cohort_year", "snapshot_code", "basis", "level", "entity_code", "group_type", "group_code", "rule_set")  # fmt: skip
EXAMPLES = 8


def aggregate_differences(
    home: Home, truth: Path, as_of: dt.date, districts: dict[str, facts.District]
) -> tuple[Counter[str], dict[str, list[Any]], int]:
    """(what differs -> how often, what differs -> some examples, figures compared) of a published home."""
    cells = reference_cells(truth, as_of, districts)
    return compare(home.path / "warehouse" / "core.duckdb", home.current / "partner" / "core.duckdb", cells)


def reference_cells(truth: Path, as_of: dt.date, districts: dict[str, facts.District]) -> dict[Cell, Counts]:
    """Every figure as the reference counts it, from the true facts."""
    computation, snapshots, movements = computed(truth, as_of, districts)
    return all_cells(
        computation, snapshots, movements, groups.load(truth, as_of), network_cohorts(truth), lanes.RULE_SETS
    )


def compare(
    warehouse: Path, partner: Path, cells: dict[Cell, Counts]
) -> tuple[Counter[str], dict[str, list[Any]], int]:
    """Cells of a warehouse and figures of a partner database against the reference's."""
    con = duckdb.connect()
    con.execute(f"attach '{warehouse}' as warehouse (read_only)")
    con.execute(f"attach '{partner}' as partner (read_only)")
    _load(con, cells)
    rule_sets = tuple(lanes.RULE_SETS)
    con.execute(f"create temp view cell as from warehouse.on_track.metric_cell where rule_set in {rule_sets}")
    con.execute(f"create temp view shown as from partner.main.metric where rule_set in {rule_sets}")
    found: Counter[str] = Counter()
    examples: dict[str, list[Any]] = defaultdict(list)
    for what, query in _questions().items():
        for metric, n in con.execute(f"select metric_code, count(*) from ({query}) group by 1").fetchall():
            found[f"{what}: {metric}"] = n
            examples[f"{what}: {metric}"] = con.execute(
                f"select * from ({query}) where metric_code = ? order by all limit {EXAMPLES}", [metric]
            ).fetchall()
    con.close()
    return found, examples, len(cells)


def _load(con: duckdb.DuckDBPyConnection, cells: dict[Cell, Counts]) -> None:
    """Table `reference`: by way of a file, which takes a million rows in seconds."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for key, counts in cells.items():
                value = "" if counts.value is None else repr(counts.value)
                writer.writerow([*key, counts.numerator, counts.denominator, value])
        types = dict.fromkeys(KEY, "varchar") | {"cohort_year": "integer"}
        types |= {"numerator": "bigint", "denominator": "bigint", "value": "double"}
        con.execute(
            f"create temp table reference as from read_csv('{path}', header = false, auto_detect = false, columns = {types})"
        )


def _questions() -> dict[str, str]:
    """What may not be, as queries for the rows that are."""
    key, same = ", ".join(KEY), " and ".join(f"a.{k} is not distinct from b.{k}" for k in KEY)
    pairs = ", ".join(f"a.{k}" for k in KEY)
    counts = "a.numerator, a.denominator, a.value, b.numerator, b.denominator, b.value"
    return {
        "cell missing": f"select {pairs}, a.numerator, a.denominator from reference as a anti join cell as b on {same}",
        "cell too many": f"select {pairs}, a.numerator, a.denominator from cell as a anti join reference as b on {same}",
        "cell twice": f"select {key} from cell group by {key} having count(*) > 1",
        "cell differs": f"select {pairs}, {counts} from reference as a join cell as b on {same} "
        "where a.numerator is distinct from b.numerator or a.denominator <> b.denominator "
        "or (a.value is null) <> (b.value is null) or abs(a.value - b.value) > 1e-9",
        "figure without a cell": f"select {pairs} from shown as a anti join cell as b on {same}",
        "cell without a figure": f"select {pairs} from cell as a anti join shown as b on {same}",
        "figure differs": f"select {pairs}, {counts} from shown as a join reference as b on {same} where a.suppression = 'none' "
        "and (a.numerator is distinct from b.numerator or a.denominator <> b.denominator or "
        "abs(a.value - case when a.metric_code in ('census_enrollment', 'cumulative_enrollment') then b.numerator "
        "else coalesce(b.value, b.numerator / b.denominator) end) > 1e-9)",
        "few students shown": f"select {key} from shown where suppression = 'none' and denominator between 1 and 10",
    }
