"""The tables of one place (network, district or school): the same code for each, so that they read alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.release.site.figures import ALL, NO_FIGURE, Place
from pipelines.release.site.source import Row as Record
from pipelines.release.site.source import Source
from pipelines.release.site.tables import CODED, HIDDEN, Cell, Column, Row, Table
from pipelines.release.site.words import (
    COVERAGE,
    HEADLINES,
    LANE_CODES,
    LANES,
    measured_words,
    year_label,
)

Compared = Sequence[tuple[str, Place]]


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure that a page opens with, the one of the year before, and what the two say together."""

    metric: str
    name: str
    cell: Cell
    year: str
    before: str
    verdict: str

    @property
    def told(self) -> str:
        """The figure in a sentence."""
        return _told(self.cell)


def headlines(source: Source, place: Place, changes: Sequence[Record]) -> list[Headline]:
    """The figures that a page opens with, each of its latest cohort."""
    compared = {(row["metric_code"], row["cohort_year"]): row for row in changes}
    found = []
    for metric in HEADLINES:
        variant = source.variants.get(metric)
        if variant is None:
            continue
        year = variant.latest
        before = place.get(metric, year - 1)
        found.append(
            Headline(
                metric,
                source.name(metric),
                place.cell(metric, year),
                year_label(year),
                f"{_told(before.cell)} in {year_label(year - 1)}" if before else "",
                verdict(compared.get((metric, year)), place, metric, year),
            )
        )
    return found


def verdict(change: Record | None, place: Place, metric: str, year: int) -> str:
    """What table `metric_change` says of two years, in words."""
    if change is not None:
        words: dict[str, str] = {
            "better": "Better than the year before, by more than chance alone would explain.",
            "worse": "Worse than the year before, by more than chance alone would explain.",
            "no_clear_change": "No clear change: a difference of this size can be chance.",
        }
        return words[change["verdict"]]
    if place.get(metric, year) is None:
        return "Not shown here."
    if place.get(metric, year - 1) is None:
        return "Nothing to compare with the year before."
    pair = [place.cell(metric, year), place.cell(metric, year - 1)]
    if any(cell.css == CODED for cell in pair):
        return "Not compared with the year before: of one of the two figures only a bound is shown."
    both = all(cell.css == HIDDEN for cell in pair)
    return f"Not compared with the year before: {'both figures are' if both else 'one of the two figures is'} hidden."


def _told(cell: Cell) -> str:
    return "hidden" if cell.css == HIDDEN else cell.text


def trend(source: Source, metric: str, compared: Compared) -> Table | None:
    """A metric over cohorts, beside the places it is compared with."""
    variant = source.variants.get(metric)
    if variant is None:
        return None
    return Table(
        caption=source.name(metric),
        first="Ninth-grade class of",
        columns=[Column(label, is_charted=True) for label, _ in compared],
        rows=[
            Row(year_label(year), [place.cell(metric, year) for _, place in compared])
            for year in variant.cohorts
            if any(place.get(metric, year) for _, place in compared)
        ],
        chart="trend",
        unit=source.unit(metric),
        note=measured_words(variant.snapshot_code, variant.basis).capitalize() + ".",
        anchor=metric,
    )


def lanes(source: Source, place: Place, whose: str) -> Table | None:
    """The lanes at the end of grade 9, a row a cohort."""
    variant = source.variants.get(LANE_CODES[0])
    if variant is None:
        return None
    cohorts = [year for year in variant.cohorts if any(place.get(code, year) for code in LANE_CODES)]
    return Table(
        caption=f"Lanes at the end of grade 9, {whose}",
        first="Ninth-grade class of",
        columns=[Column(f"{lane} {name}", is_charted=True) for lane, name in enumerate(LANES, 1)],
        rows=[Row(year_label(year), [place.cell(code, year) for code in LANE_CODES]) for year in cohorts],
        chart="stack",
        note="Lanes 1 and 2 are off track. A lane whose number is hidden is left out of the picture.",
        anchor="lanes",
    )


def groups(source: Source, place: Place, whose: str) -> Table | None:
    """Headline figures of the student groups, latest cohort of each."""
    metrics = [metric for metric in HEADLINES if metric in source.variants]
    known = {group for metric, _, group in place.figures if metric in metrics}
    order = [row["group_code"] for row in source.groups if row["group_code"] in known]
    latest = {metric: source.variants[metric].latest for metric in metrics}
    order = [code for code in order if any(place.get(metric, latest[metric], code) for metric in metrics)]
    if not [code for code in order if code != ALL]:
        return None
    return Table(
        caption=f"By student group, {whose}",
        first="Student group",
        columns=[Column(f"{source.name(metric)}, {year_label(latest[metric])}") for metric in metrics],
        rows=[
            Row(
                source.group_names[code],
                [place.cell(metric, latest[metric], code) for metric in metrics],
                main=code == ALL,
            )
            for code in sorted(order, key=lambda code: (code != ALL, order.index(code)))
        ],
        anchor="groups",
    )


def other_figures(source: Source, place: Place, root: str) -> Table | None:
    """Every other metric of the place, a row a metric, a column a cohort."""
    shown = {*HEADLINES, *LANE_CODES}
    codes = [code for code in source.definitions if code not in shown and place.cohorts(code)]
    if not codes:
        return None
    codes.sort(key=lambda code: (code.startswith(COVERAGE), source.name(code), code))
    years = sorted({year for code in codes for year in place.cohorts(code)})
    return Table(
        caption="All other figures",
        first="Figure",
        columns=[Column(year_label(year)) for year in years],
        rows=[
            Row(
                source.name(code),
                [place.cell(code, year) if place.get(code, year) else NO_FIGURE for year in years],
                href=f"{root}metric/{code}.html",
            )
            for code in codes
        ],
        is_folded=True,
        anchor="other",
    )


def ranking(source: Source, metric: str, places: Sequence[tuple[str, str, Place, bool]], caption: str) -> Table | None:
    """A metric of several places, latest cohort: (name, link, figures, whether the page is about it)."""
    variant = source.variants.get(metric)
    if variant is None:
        return None
    year = variant.latest
    rows = [
        Row(name, [place.cell(metric, year)], href, is_main)
        for name, href, place, is_main in places
        if place.get(metric, year)
    ]
    return Table(
        caption=f"{caption}: {source.name(metric)}, {year_label(year)}",
        first="Place",
        columns=[Column(f"{source.name(metric)}, {year_label(year)}", is_charted=True)],
        rows=rows,
        chart="dots",
        unit=source.unit(metric),
        anchor=f"places-{metric}",
    )


def side_by_side(
    source: Source, places: Sequence[tuple[str, str, Place, bool]], caption: str, first: str, anchor: str
) -> Table:
    """Headline figures of several places, latest cohort of each figure."""
    metrics = [metric for metric in (*HEADLINES, COVERAGE) if metric in source.variants]
    drawn = f"The picture is of the first column: {source.name(metrics[0]).lower()}." if metrics else ""
    return Table(
        caption=caption,
        first=first,
        columns=[
            Column(
                f"{source.name(metric)}, {year_label(source.variants[metric].latest)}",
                is_charted=index == 0,
            )
            for index, metric in enumerate(metrics)
        ],
        rows=[
            Row(name, [place.cell(metric, source.variants[metric].latest) for metric in metrics], href, is_main)
            for name, href, place, is_main in places
        ],
        chart="dots",
        note=drawn,
        anchor=anchor,
    )


def of_metric(row: Record, field: str, kind: str = "rate") -> Cell:
    """A number of a table other than `metric`, written for people; a hidden one as everywhere."""
    value: Any = row[field]
    if value is None:
        return Cell("*", css=HIDDEN) if row.get("suppression") == "suppressed" else NO_FIGURE
    text = {
        "rate": lambda: f"{value:.1%}",
        "points": lambda: f"{value * 100:+z.1f} points",
        "mean_points": lambda: f"{value * 100:.1f} points",
        "ratio": lambda: f"{value:.2f}",
        "count": lambda: f"{value:,.0f}",
    }[kind]()
    return Cell(text, value=float(value), css=CODED if row.get("suppression") == "coded" else "")
