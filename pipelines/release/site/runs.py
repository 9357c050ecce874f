"""Run charts of table `improvement_series`: what changed when, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.source import NETWORK, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import CODED, HIDDEN, Cell, Column, Row, Table
from pipelines.release.site.words import SUBJECTS

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

# entity -> measure -> its page by student group
ByGroup = Mapping[str, Mapping[str, str]]
START = "start "
OF_SUBJECTS = tuple(f"df_marks_{code}_" for code in SUBJECTS)
SIGNALS = {
    "beyond_limit": "beyond the limits",
    "shift": "a run of points on the {side} side",
    "trend": "a run of points all one way (a hint, no more)",
    "runs": "too few or too many crossings of the middle line",
}
COLUMNS = (
    Column("Value", is_charted=True, name="value"),
    Column("Out of"),
    Column("Middle line", is_charted=True, name="center"),
    Column("Lower limit", is_charted=True, name="low"),
    Column("Upper limit", is_charted=True, name="high"),
    Column("Signal", is_charted=True, name="signal", is_text=True),
    Column("What was tried", is_charted=True, name="note", is_text=True),
)


def write_runs(site: Site, source: Source, by_group: ByGroup) -> None:
    """The page of the network's run charts, with the way to those of districts and schools."""
    rows = dict(source.series(NETWORK)).get("CORE", [])
    site.write(
        "runs.html",
        "runs.html",
        "Changes over time",
        here="Changes over time",
        tables=run_charts(rows, by_group.get("CORE")),
        districts=source.districts,
    )


def run_charts(rows: Sequence[Record], by_group: Mapping[str, str] | None = None, root: str = "") -> list[Table]:
    """A chart a measure; rows are of one place, measure by measure, oldest first.

    `by_group` leads from a measure to its page by student group, where there is one.
    """
    paths = by_group or {}
    # whole measures first, then those of one subject
    return [
        chart(
            points, more=("By student group", root + path) if (path := paths.get(points[0]["measure_code"])) else None
        )
        for points in sorted(measures(rows), key=_is_of_subject)
    ]


def tries(rows: Sequence[Record]) -> Table | None:
    """What was tried, and the first signal of each measure since: rows are those of `run_charts`."""
    whole = [points for points in measures(rows) if not _is_of_subject(points)]
    started = sorted(
        {
            (point["period_start"], note.strip())
            for points in whole
            if points[0]["period_kind"] == "month"
            for point in points
            for note in (point["pdsa_note"] or "").split(";")
            if note.strip().startswith(START)
        },
        reverse=True,
    )
    if not started:
        return None
    return Table(
        caption="What we tried, and what the charts show since",
        first="Tried",
        columns=[Column(points[0]["name"], is_text=True) for points in whole],
        rows=[Row(note.removeprefix(START), [_since(points, begun) for points in whole]) for begun, note in started],
        note="The first signal from the month in which it began. A signal says that something changed, not why: "
        "other things may have changed too.",
        anchor="tries",
    )


def measures(rows: Sequence[Record]) -> Iterator[list[Record]]:
    """The points of each measure."""
    for _, points in groupby(rows, key=lambda row: row["measure_code"]):
        yield list(points)


def _is_of_subject(points: list[Record]) -> bool:
    return str(points[0]["measure_code"]).startswith(OF_SUBJECTS)


def _since(points: list[Record], begun: object) -> Cell:
    later = [point for point in points if point["period_start"] >= begun]
    if not later:
        return Cell("no point since")
    if all(point["suppression"] == "suppressed" for point in later):
        return Cell("*", css=HIDDEN)
    found = next((point for point in later if point["signal"]), None)
    if found is None:
        return Cell("no signal")
    return Cell(f"{found['period_label']}: {_signal(found)}")


def chart(points: list[Record], caption: str = "", anchor: str = "", more: tuple[str, str] | None = None) -> Table:
    """The chart of one series."""
    first = points[0]
    return Table(
        caption=caption or str(first["name"]),
        first="Period",
        columns=COLUMNS,
        rows=[
            Row(f"{point['period_label']}{' (open)' if point['is_provisional'] else ''}", _cells(point))
            for point in points
        ],
        chart="run",
        unit="tenths",
        note="" if caption else f"{first['definition']}.",
        anchor=anchor or f"run-{first['measure_code'].replace('_', '-')}",
        more=more,
    )


def _cells(point: Record) -> list[Cell]:
    note = Cell(str(point["pdsa_note"] or ""))
    if point["suppression"] == "suppressed":
        return [Cell("*", css=HIDDEN), *[NO_FIGURE] * 4, Cell(""), note]
    numbers = [share(point[field]) for field in ("center", "lower_limit", "upper_limit")]
    value = share(point["value"])
    css = CODED if point["suppression"] == "coded" else ""
    out_of = NO_FIGURE if point["n"] is None else Cell(f"{point['n']:,} {point['counts']}")
    return [Cell(value.text, value=value.value, css=css), out_of, *numbers, Cell(_signal(point)), note]


def _signal(point: Record) -> str:
    codes = [code for code in (point["signal"] or "").split("+") if code]
    return "; ".join(SIGNALS.get(code, code).format(side=point["side"] or "same") for code in codes)


def share(value: float | None) -> Cell:
    """A share of a series, written for people."""
    return NO_FIGURE if value is None else Cell(f"{value:.1%}", value=float(value))
