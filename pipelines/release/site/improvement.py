"""What districts work on (`focus_area_progress`) and how able they feel (`capability`), beside what the figures say."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.source import Row as Record
from pipelines.release.site.source import Source
from pipelines.release.site.tables import CODED, HIDDEN, Cell, Column, Row, Table

STATUS = {
    "met": "at the aim",
    "on_line": "on the way",
    "behind": "behind the line to the aim",
    "not_evaluated": "not evaluated",
}
RATINGS = {1: "beginning", 2: "developing", 3: "applying", 4: "sustaining"}


def focus_areas(source: Source, rows: Sequence[Record]) -> Table | None:
    """Focus areas of a district, each at its latest period."""
    latest = {row["focus_area_id"]: row for row in rows}
    if not latest:
        return None
    return Table(
        caption="What we work on, and how far it is",
        first="Focus area",
        columns=[
            Column("Measured by", is_text=True),
            Column("Baseline"),
            Column("Now"),
            Column("Aim"),
            Column("Until"),
            Column("Standing", is_text=True),
        ],
        rows=[
            Row(
                str(row["focus_area_name"]),
                [
                    Cell(source.measure_name(row["measure_code"])),
                    _number(source, row, "baseline"),
                    _now(source, row),
                    _number(source, row, "aim"),
                    Cell("–" if row["aim_date"] is None else str(row["aim_date"])),
                    Cell(_standing(row)),
                ],
            )
            for row in latest.values()
        ],
        note="Held against the straight line from the baseline to the aim at the end of each period.",
        anchor="focus-areas",
    )


def ratings(rows: Sequence[Record]) -> Table | None:
    """Self-ratings of one place, the latest of each domain."""
    latest = {row["domain"]: row for row in rows}
    if not latest:
        return None
    return Table(
        caption="How able we feel to improve",
        first="Capability",
        columns=[
            Column("Rated", is_text=True),
            Column("On"),
            Column("Since the first rating"),
            Column("Movement rate meanwhile"),
        ],
        rows=[
            Row(
                str(domain).replace("_", " ").capitalize(),
                [
                    Cell(f"{row['rating']} {RATINGS.get(row['rating'], '')}"),
                    Cell(str(row["date"])),
                    NO_FIGURE
                    if row["change"] is None
                    else Cell(f"{row['change']:+d}" if row["change"] else "no change"),
                    _outcome(row),
                ],
            )
            for domain, row in sorted(latest.items())
        ],
        note="Rated by the people themselves, from 1 (beginning) to 4 (sustaining). They stand side by side; that one "
        "caused the other is not said.",
        anchor="capability",
    )


def _standing(row: Record) -> str:
    told = STATUS.get(row["status"], str(row["status"]))
    reason = row["not_evaluated_reason"]
    return f"{told}: {str(reason).replace('_', ' ')}" if reason else told


def _now(source: Source, row: Record) -> Cell:
    if row["suppression"] == "suppressed":
        return Cell("*", css=HIDDEN)
    cell = _number(source, row, "value")
    return Cell(cell.text, str(row["period"] or ""), css=CODED if row["suppression"] == "coded" else "")


def _number(source: Source, row: Record, field: str) -> Cell:
    value = row[field]
    if value is None:
        return NO_FIGURE
    is_share = source.measure_unit(row["measure_code"]) == "rate"
    return Cell(f"{value:.1%}" if is_share else f"{value:.2f}")


def _outcome(row: Record) -> Cell:
    if row["suppression"] == "suppressed":
        return Cell("*", css=HIDDEN)
    return NO_FIGURE if row["outcome_change"] is None else Cell(f"{row['outcome_change'] * 100:+.1f} points")
