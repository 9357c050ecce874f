"""The theory of action: self-ratings of districts and schools beside their movement rates, table `capability`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.improvement import SCALE, domain_words, outcome_change, rating_change
from pipelines.release.site.source import Row as Record
from pipelines.release.site.source import School, Source
from pipelines.release.site.tables import Cell, Column, Row, Table
from pipelines.release.site.words import year_label

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

TITLE = "Theory of action"
LEVELS = {"district": "Districts", "school": "Schools"}


def write_capability(site: Site, source: Source, schools: Sequence[School]) -> None:
    """One page: the summary of each level, and behind it every place, domain by domain."""
    paths = {each.code: each.path for each in source.districts} | {each.code: each.path for each in schools}
    rows = source.rows("capability", "level, domain, entity_name, entity_code", "is_in_summary")
    summaries = source.rows("capability_summary", "level, domain")
    levels = []
    for level, label in LEVELS.items():
        summary = _summary([row for row in summaries if row["level"] == level], label)
        domains = sorted({row["domain"] for row in rows if row["level"] == level})
        charts = [
            _places([row for row in rows if (row["level"], row["domain"]) == (level, domain)], level, domain, paths)
            for domain in domains
        ]
        levels.append((level, label, summary, charts))
    site.write(
        "capability.html",
        "capability.html",
        TITLE,
        here=TITLE,
        levels=levels,
        scale=SCALE,
        rated=bool(source.rows("capability", "level, entity_code, domain, date limit 1")),
    )


def _summary(rows: Sequence[Record], label: str) -> Table:
    return Table(
        caption=f"{label}: did the movement rate change where the rating did?",
        first="Capability",
        columns=[
            Column(f"{label} compared"),
            Column("Rating rose"),
            Column("stayed"),
            Column("fell"),
            Column("Movement rate rose"),
            Column("Both rose"),
            Column("Middle change of the movement rate where the rating rose"),
            Column("where it did not"),
            Column("Rank correlation, 95% range"),
        ],
        rows=[
            Row(
                domain_words(row["domain"]),
                [
                    *(
                        Cell(f"{row[field]:,}")
                        for field in ("n", "n_rating_up", "n_rating_same", "n_rating_down", "n_outcome_up", "n_both_up")
                    ),
                    _points(row["median_outcome_change_rating_up"]),
                    _points(row["median_outcome_change_rating_not_up"]),
                    _correlation(row),
                ],
            )
            for row in rows
        ],
        note="Rank correlation, from -1 to 1: above 0, the movement rate rose more where the rating rose more. A range "
        "from below 0 to above 0 leaves open whether there is anything. A dash: fewer than four to compare, or all "
        "ratings changed alike.",
        anchor=f"summary-{label.lower()}",
    )


def _places(rows: Sequence[Record], level: str, domain: str, paths: Mapping[str, str]) -> Table:
    return Table(
        caption=f"{domain_words(domain)}, {LEVELS[level].lower()}",
        first=LEVELS[level].removesuffix("s"),
        columns=[
            Column("Rating now"),
            Column("Rating, change", is_charted=True, name="change"),
            Column("Movement rate, change", is_charted=True, name="outcome"),
            Column("From class to class"),
        ],
        rows=[
            Row(
                str(row["entity_name"]),
                [
                    Cell(str(row["rating"])),
                    rating_change(row),
                    outcome_change(row),
                    Cell(f"{year_label(row['start_school_year'])} to {year_label(row['school_year'])}"),
                ],
                href=paths.get(row["entity_code"], ""),
            )
            for row in rows
        ],
        chart="pairs",
        unit="difference",
        note="To the right: the rating rose. Upward: the movement rate rose.",
        anchor=f"{level}-{domain.replace('_', '-')}",
    )


def _points(value: float | None) -> Cell:
    return NO_FIGURE if value is None else Cell(f"{value * 100:+z.1f} points")


def _correlation(row: Record) -> Cell:
    if row["rank_correlation"] is None:
        return NO_FIGURE
    between = "" if row["ci_low"] is None else f"{row['ci_low']:+.2f} to {row['ci_high']:+.2f}"
    return Cell(f"{row['rank_correlation']:+.2f}", between)
