"""Gaps between student groups, from table `equity_gap`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.release.site.place import of_metric
from pipelines.release.site.source import NETWORK, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import Column, Row, Table
from pipelines.release.site.words import HEADLINES, year_label

if TYPE_CHECKING:
    from pipelines.release.site.site import Site


def write_equity(site: Site, source: Source) -> None:
    """The network's gaps, and the way to those of districts and schools."""
    rows = dict(source.gaps(NETWORK)).get("CORE", [])
    site.write("equity.html", "equity.html", "Equity", here="Equity", tables=gaps(source, rows))


def gaps(source: Source, rows: Sequence[Record]) -> list[Table]:
    """A chart a headline metric: each group beside everybody else, latest cohort; rows are of one place."""
    found = []
    for metric in HEADLINES:
        of = [row for row in rows if row["metric_code"] == metric]
        if not of:
            continue
        year = max(row["cohort_year"] for row in of)
        found.append(
            Table(
                caption=f"{source.name(metric)}: each group and everybody else, {year_label(year)}",
                first="Student group",
                columns=[
                    Column("The group", is_charted=True),
                    Column("Everybody else", is_charted=True),
                    Column("Gap"),
                    Column("Ratio"),
                    Column("Students to parity"),
                ],
                rows=[
                    Row(
                        source.group_names[row["group_code"]],
                        [
                            of_metric(row, "rate_group"),
                            of_metric(row, "rate_not_group"),
                            of_metric(row, "gap_pp", "points"),
                            of_metric(row, "risk_ratio", "ratio"),
                            of_metric(row, "to_parity", "count"),
                        ],
                    )
                    for row in of
                    if row["cohort_year"] == year
                ],
                chart="gaps",
                anchor=f"gap-{metric}",
            )
        )
    return found
