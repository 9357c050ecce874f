"""Run charts of table `improvement_series`: what changed when, and whether it is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from pipelines.release.site.figures import NO_FIGURE
from pipelines.release.site.source import NETWORK, Source
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import CODED, HIDDEN, Cell, Column, Row, Table

if TYPE_CHECKING:
    from pipelines.release.site.site import Site

TABLE = "improvement_series"
ORDER = "measure_code, group_type, group_code, period_start"
SIGNALS = {
    "beyond_limit": "beyond the limits",
    "shift": "shift: several points in a row on one side",
    "trend": "trend: several points in a row the same way (a hint, no more)",
    "runs": "too few or too many crossings of the middle line",
}
COLUMNS = (
    Column("Value", is_charted=True, name="value"),
    Column("Students", name=""),
    Column("Middle line", is_charted=True, name="center"),
    Column("Lower limit", is_charted=True, name="low"),
    Column("Upper limit", is_charted=True, name="high"),
    Column("Signal", is_charted=True, name="signal", is_text=True),
    Column("What was tried", is_charted=True, name="note", is_text=True),
)


def write_runs(site: Site, source: Source) -> None:
    """The page of the network's run charts, with the way to those of districts and schools."""
    rows = source.rows(TABLE, ORDER, f"level = '{NETWORK}'")
    site.write("runs.html", "runs.html", "Changes over time", here="Changes over time", tables=run_charts(source, rows))


def run_charts(source: Source, rows: Sequence[Record]) -> list[Table]:
    """A chart a measure and group; rows are of one place, in the order of ORDER."""
    return [
        _chart(source, measure, str(group), list(points))
        for (measure, group), points in groupby(rows, key=lambda row: (row["measure_code"], row["group_code"]))
    ]


def _chart(source: Source, measure: str, group: str, points: list[Record]) -> Table:
    name = source.measure_name(measure)
    whose = "" if group == "ALL" else f", {source.group_names.get(group, group)}"
    return Table(
        caption=f"{name}{whose}",
        first="Period",
        columns=COLUMNS,
        rows=[Row(str(point["period_label"]), _cells(source, measure, point)) for point in points],
        chart="run",
        unit=source.unit(measure),
        note=_read(points[-1]["chart_type"]),
        anchor=f"run-{measure}-{group}".lower(),
    )


def _read(chart_type: str) -> str:
    return {
        "run": "Dashed: the middle of the first points. A diamond marks a change that chance would rarely make.",
        "p": "Dashed: the share in the first points; shaded: where chance alone would keep it. "
        "A diamond marks a change that chance would rarely make.",
        "values": "Too few points to judge: shaded is the range that chance leaves open.",
    }[chart_type]


def _cells(source: Source, measure: str, point: Record) -> list[Cell]:
    if point["suppression"] == "suppressed":
        return [Cell("*", css=HIDDEN), *[NO_FIGURE] * (len(COLUMNS) - 3), Cell(""), _note(point)]
    css = CODED if point["suppression"] == "coded" else ""
    share = source.unit(measure) == "rate"
    numbers = [_number(point[field], share) for field in ("center", "lower_limit", "upper_limit")]
    signal = "; ".join(SIGNALS.get(code, code) for code in (point["signal"] or "").split("+") if code)
    value = _number(point["value"], share)
    n = Cell("–" if point["n"] is None else f"{point['n']:,}")
    return [Cell(value.text, value=value.value, css=css), n, *numbers, Cell(signal), _note(point)]


def _note(point: Record) -> Cell:
    return Cell(str(point["pdsa_note"] or ""))


def _number(value: float | None, share: bool) -> Cell:
    if value is None:
        return NO_FIGURE
    return Cell(f"{value:.1%}" if share else f"{value:.2f}", value=float(value))
