"""Figures for pages: table `metric` of one tier, read once a site and handed out place by place.

Only the default rule set, and of each metric the one point in time that pages speak of (`variant`); a figure is shown
as the table shows it, and a place's figures are passed on as soon as the next place begins.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from pipelines.release.site.tables import CODED, HIDDEN, Cell
from pipelines.release.site.words import HEADLINES, warning_words

ALL = "ALL"
GROUP_COHORTS = 2


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of table `metric`."""

    metric_code: str
    cohort_year: int
    group_type: str
    group_code: str
    numerator: int | None
    denominator: int | None
    value: float | None
    ci_low: float | None
    ci_high: float | None
    display: str
    is_provisional: bool
    suppression: str
    warning: str | None

    @property
    def cell(self) -> Cell:
        """The figure as a cell: what the table displays, and out of how many."""
        if self.suppression == "suppressed":
            return Cell(self.display, css=HIDDEN)
        notes = [f"of {self.denominator:,}"] if self.denominator is not None else []
        if self.numerator is not None and self.denominator is not None:
            notes = [f"{self.numerator:,} of {self.denominator:,}"]
        if self.numerator == self.denominator and self.numerator is not None and self.ci_low is None:
            notes = []  # a count: its number is the figure
        if self.warning:
            notes.append(warning_words(self.warning))
        css = CODED if self.suppression == "coded" else ""
        return Cell(self.display, "; ".join(notes), self.value, self.ci_low, self.ci_high, css)


NO_FIGURE = Cell("–")


@dataclass(frozen=True, slots=True)
class Place:
    """The figures of one place, by metric, cohort year and group."""

    figures: dict[tuple[str, int, str], Figure]

    def cell(self, metric: str, cohort: int, group: str = ALL) -> Cell:
        """The figure's cell; a dash where the tier has no such row."""
        found = self.figures.get((metric, cohort, group))
        return found.cell if found else NO_FIGURE

    def get(self, metric: str, cohort: int, group: str = ALL) -> Figure | None:
        """The figure, if the tier has such a row."""
        return self.figures.get((metric, cohort, group))

    def cohorts(self, metric: str, group: str = ALL) -> list[int]:
        """Cohort years in which the tier has a row, oldest first."""
        return sorted(year for code, year, of in self.figures if code == metric and of == group)


EMPTY = Place({})


@dataclass(frozen=True, slots=True)
class Variant:
    """The point in time at which pages show a metric, and the cohorts that have it."""

    metric_code: str
    snapshot_code: str
    basis: str | None
    cohorts: tuple[int, ...]

    @property
    def latest(self) -> int:
        """The latest cohort year with a figure anywhere in the tier."""
        return self.cohorts[-1]


def read_variants(con: duckdb.DuckDBPyConnection, schema: str, rule_set: str) -> dict[str, Variant]:
    """One variant a metric: the end of grade 9 before other snapshots, counted from grade 8 before other starts."""
    rows = (
        con.cursor()
        .execute(
            f"""
        select metric_code, snapshot_code, basis, list_sort(list(distinct cohort_year)) as cohorts
        from {schema}.metric
        where rule_set = ?
        group by metric_code, snapshot_code, basis
        qualify row_number() over (
            partition by metric_code
            order by
                case snapshot_code when 'G9_EOY' then 0 when 'G10_EOY' then 1 when 'G8_EOY' then 2 else 3 end,
                case basis when 'G8_EOY' then 0 when 'G9_EOY' then 1 else 2 end,
                snapshot_code, basis
        ) = 1
        order by metric_code
        """,
            [rule_set],
        )
        .fetchall()
    )
    return {code: Variant(code, snapshot, basis, tuple(cohorts)) for code, snapshot, basis, cohorts in rows}


def read_places(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    rule_set: str,
    variants: Iterable[Variant],
    level: str,
    by_group: bool = True,
) -> Iterator[tuple[str, Place]]:
    """(entity_code, figures) of a level, in the order of entity_code: for all students, and headlines by group too."""
    variants = list(variants)
    if not variants:
        return
    chosen = ", ".join("(?, ?, ?, ?)" for _ in variants)
    values: list[Any] = []
    for variant in variants:
        has_groups = by_group and variant.metric_code in HEADLINES
        groups_from = variant.latest - GROUP_COHORTS + 1 if has_groups else None
        values += [variant.metric_code, variant.snapshot_code, variant.basis, groups_from]
    cursor = con.cursor().execute(
        f"""
        with variant (metric_code, snapshot_code, basis, groups_from) as (values {chosen})
        select entity_code, m.metric_code, cohort_year, group_type, group_code, numerator, denominator, value, ci_low,
            ci_high, coalesce(display, '–') as display, is_provisional, suppression, warning
        from {schema}.metric as m
        join variant as v
            on v.metric_code = m.metric_code
            and v.snapshot_code = m.snapshot_code
            and v.basis is not distinct from m.basis
        where rule_set = ? and level = ? and (group_code = '{ALL}' or cohort_year >= v.groups_from)
        order by entity_code, m.metric_code, cohort_year, group_type, group_code
        """,
        [*values, rule_set, level],
    )
    yield from (
        (
            code,
            Place({(row[1], row[2], row[4]): Figure(*row[1:]) for row in rows}),
        )
        for code, rows in groupby(stream(cursor), key=itemgetter(0))
    )


def stream(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """Rows of a result, a block at a time."""
    while rows := cursor.fetchmany(20_000):
        yield from rows
