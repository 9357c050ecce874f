"""How to read the pages: lanes and their rules as published, snapshots, hiding, chance, and who is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.release.site.source import Source
from pipelines.release.site.tables import Cell, Column, Row, Table
from pipelines.release.site.words import LANES, SNAPSHOTS

if TYPE_CHECKING:
    from pipelines.release.site.site import Site


def write_reading(site: Site, source: Source) -> None:
    """One page of words, with the lane rules in force."""
    site.write(
        "reading.html",
        "reading.html",
        "How to read this",
        here="How to read this",
        charts=False,
        lanes=LANES,
        snapshots=SNAPSHOTS,
        rule_set=source.rule_set,
        rules=_rules(source),
    )


def _rules(source: Source) -> Table:
    rows = source.rows(
        "lane_rule", "grade, gate, measure, op, value", "version = ?", source.rule_set["lane_rule_version"]
    )
    return Table(
        caption="Lane rules in force, row by row",
        first="Gate",
        columns=[Column("Grade", is_text=True), Column("Measure", is_text=True), Column("Must be", is_text=True)],
        rows=[
            Row(
                str(row["gate"]),
                [
                    Cell(str(row["grade"])),
                    Cell(str(row["measure"]).replace("_", " ")),
                    Cell(f"{row['op']} {row['value']:g}" if row["value"] is not None else str(row["op"])),
                ],
            )
            for row in rows
        ],
        is_folded=True,
        anchor="lane-rules",
    )
