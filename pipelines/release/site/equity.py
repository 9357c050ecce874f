"""Gaps between student groups (`equity_gap`), and how far schools lie apart (`school_spread`, `school_funnel`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.place import of_metric
from pipelines.release.site.source import NETWORK, School, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import Cell, Column, Row, Table
from pipelines.release.site.words import HEADLINES, year_label

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

OUTSIDE = {"above": "above what chance explains", "below": "below what chance explains", "inside": "within chance"}
MISSING = (
    "A group that is missing has fewer, or one of the two figures is hidden: where a group is too small to be shown, a "
    "second one of its kind is hidden with it (Female or Male beside a few nonbinary students, say), since the small "
    "one would follow by subtraction."
)
FUNNELS = ("movement_rate", "vulnerable_rate")


def write_equity(site: Site, source: Source, schools: Sequence[School]) -> None:
    """The network's gaps and the spread between its schools."""
    rows = dict(source.gaps(NETWORK)).get("CORE", [])
    paths = {school.code: school.path for school in schools}
    site.write(
        "equity.html",
        "equity.html",
        "Equity",
        here="Equity",
        tables=gaps(source, rows),
        n_highlight=source.rule_set["n_highlight"],
        gap_words=MISSING,
        spread=_spread(source),
        funnels=[table for metric in FUNNELS if (table := _funnel(source, metric, paths))],
        districts=source.districts,
    )


def gaps(source: Source, rows: Sequence[Record]) -> list[Table]:
    """A chart a headline metric: each group beside everybody else, latest class; rows are of one place."""
    found = []
    for metric in HEADLINES:
        of = [row for row in rows if row["metric_code"] == metric and row["gap_pp"] is not None]
        if not of:
            continue
        found.append(
            Table(
                caption=f"{source.name(metric)}: each group and everybody else, {year_label(of[0]['cohort_year'])}",
                first="Student group",
                columns=[
                    Column("The group", is_charted=True),
                    Column("Everybody else", is_charted=True),
                    Column("Gap"),
                    Column("Gap, 95% range"),
                    Column("Ratio"),
                    Column("Students to parity"),
                ],
                rows=[Row(source.group_names[row["group_code"]], _gap(row)) for row in of],
                chart="gaps",
                note="Students to parity: how many outcomes would close the gap; 0 where the group does no worse.",
                anchor=f"gap-{metric.replace('_', '-')}",
            )
        )
    return found


def _gap(row: Record) -> list[Cell]:
    group, others = of_metric(row, "rate_group"), of_metric(row, "rate_not_group")
    return [
        Cell(group.text, f"of {row['n_group']:,}", group.value),
        Cell(others.text, f"of {row['n_not_group']:,}", others.value),
        of_metric(row, "gap_pp", "points"),
        _between(row),
        of_metric(row, "risk_ratio", "ratio"),
        of_metric(row, "to_parity", "count"),
    ]


def _between(row: Record) -> Cell:
    if row["gap_ci_low"] is None or row["gap_ci_high"] is None:
        return NO_FIGURE
    return Cell(f"{row['gap_ci_low'] * 100:+z.1f} to {row['gap_ci_high'] * 100:+z.1f}")


def _spread(source: Source) -> Table | None:
    rows = source.at_variants("school_spread", NETWORK, "metric_code, cohort_year")
    if not rows:
        return None
    return Table(
        caption="How far schools lie apart, and how much of that is chance",
        first="Figure and class",
        columns=[
            Column("Schools"),
            Column("Lowest"),
            Column("Highest"),
            Column("Spread seen"),
            Column("Spread by chance"),
            Column("Spread beyond chance"),
            Column("Schools outside the limits"),
        ],
        rows=[
            Row(
                f"{source.name(row['metric_code'])}, {year_label(row['cohort_year'])}",
                [
                    Cell(f"{row['n_schools']:,}"),
                    of_metric(row, "lowest_rate"),
                    of_metric(row, "highest_rate"),
                    of_metric(row, "observed_sd", "mean_points"),
                    of_metric(row, "chance_sd", "mean_points"),
                    of_metric(row, "between_sd", "mean_points"),
                    NO_FIGURE if row["n_outside_95"] is None else Cell(f"{row['n_outside_95']:,}"),
                ],
            )
            for row in rows
        ],
        note="Spreads are standard deviations in points. The smaller the one beyond chance, the less it matters which "
        f"school a student goes to. Schools of {source.rule_set['n_highlight']} students and more whose figure is "
        "shown.",
        anchor="spread",
    )


def _funnel(source: Source, metric: str, paths: dict[str, str]) -> Table | None:
    rows = [
        row
        for row in source.at_variants("school_funnel", NETWORK, "metric_code, cohort_year, n, school_code")
        if row["metric_code"] == metric and row["cohort_year"] == source.variants[metric].latest
    ]
    if not rows:
        return None
    return Table(
        caption=f"{source.name(metric)} of schools by size, {year_label(source.variants[metric].latest)}",
        first="School",
        columns=[
            Column("Students", is_charted=True, name="n"),
            Column("Figure", is_charted=True, name="value"),
            Column("Mean of all", is_charted=True, name="center"),
            Column("Lower limit", is_charted=True, name="low"),
            Column("Upper limit", is_charted=True, name="high"),
            Column("Position", is_charted=True, name="position", is_text=True),
        ],
        rows=[
            Row(
                row["school_name"],
                [
                    Cell(f"{row['n']:,}", value=row["n"]),
                    of_metric(row, "value"),
                    of_metric(row, "mean_rate"),
                    of_metric(row, "lower_95"),
                    of_metric(row, "upper_95"),
                    Cell(OUTSIDE[row["position_95"]]),
                ],
                href=paths.get(row["school_code"], ""),
            )
            for row in rows
        ],
        chart="funnel",
        note="Between the lines chance alone could hold a school of that size. A position is no judgement of a school: "
        "students differ, and limits do not know how.",
        anchor=f"funnel-{metric.replace('_', '-')}",
    )
