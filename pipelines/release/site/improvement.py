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
SCALE = ", ".join(f"{rating} {word}" for rating, word in RATINGS.items())


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
    """Self-ratings of one place over time, a row a domain, and the movement rate of the same school years."""
    if not rows:
        return None
    latest = {row["domain"]: row for row in rows}
    dates = sorted({row["date"] for row in rows})
    found = {(row["domain"], row["date"]): row for row in rows}
    by_year = {row["school_year"]: row for row in rows}
    years = [school_year_of(rows, date) for date in dates]
    return Table(
        caption="How able we feel to improve",
        first="Capability",
        columns=[
            *(Column(f"{date:%b %Y}") for date in dates),
            Column("Rating, change"),
            Column("Movement rate, change"),
        ],
        rows=[
            Row(
                domain_words(domain),
                [
                    *(
                        Cell(str(found[domain, date]["rating"])) if (domain, date) in found else NO_FIGURE
                        for date in dates
                    ),
                    rating_change(row),
                    outcome_change(row),
                ],
            )
            for domain, row in sorted(latest.items())
        ]
        + [
            Row(
                "Movement rate of the class of that school year",
                [*(_outcome(by_year[year]) for year in years), *[NO_FIGURE] * 2],
            )
        ],
        note=f"Rated by the people themselves: {SCALE}. Changes are counted from the first rating in a school year "
        "whose movement rate is settled. They stand side by side; that one caused the other is not said.",
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


def domain_words(domain: str) -> str:
    """What a domain of capability is called."""
    return domain.replace("_", " ").capitalize()


def school_year_of(rows: Sequence[Record], date: object) -> int:
    """The school year of a day on which something was rated."""
    return next(int(row["school_year"]) for row in rows if row["date"] == date)


def rating_change(row: Record) -> Cell:
    """How the rating changed since the first one that counts."""
    change = row["change"]
    return NO_FIGURE if change is None else Cell(f"{change:+d}" if change else "no change", value=float(change))


def outcome_change(row: Record) -> Cell:
    """How the movement rate changed over the same school years."""
    change = row["outcome_change"]
    if change is None:
        return Cell("*", css=HIDDEN) if row["suppression"] == "suppressed" else NO_FIGURE
    return Cell(f"{change * 100:+z.1f} points", value=float(change))


def _outcome(row: Record) -> Cell:
    if row["outcome"] is None:
        return Cell("*", css=HIDDEN) if row["suppression"] == "suppressed" else NO_FIGURE
    return Cell(f"{row['outcome']:.1%}", css=CODED if row["suppression"] == "coded" else "")
