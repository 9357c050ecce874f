"""Which subjects hold ninth graders back: D and F marks by core subject, from table `improvement_series`."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.release.site.runs import share
from pipelines.release.site.source import Row as Record
from pipelines.release.site.tables import CODED, HIDDEN, Cell, Column, Row, Table
from pipelines.release.site.words import SUBJECTS

NONE_SENT = Cell("–")
KINDS = ("semester", "trimester", "quarter", "year")
PERIODS = 3
NETWORK = "Network"


def subjects(rows: Sequence[Record], network: Sequence[Record]) -> Table | None:
    """D and F marks of the core subjects in the last marking periods; rows are of one place, `network` of all."""
    for kind in KINDS:
        of = {name: _points(rows, code, kind) for code, name in SUBJECTS.items()}
        labels = sorted({(start, label) for points in of.values() for start, label in points})[-PERIODS:]
        if labels:
            return _table(of, {name: _points(network, code, kind) for code, name in SUBJECTS.items()}, labels[::-1])
    return None


def heaviest(table: Table | None) -> str:
    """The subject with the largest share of D and F marks in the last period of which any is shown."""
    if table is None:
        return ""
    for at, column in enumerate(table.columns):
        shown = [(row.cells[at].value, row) for row in table.rows if row.cells[at].value is not None]
        if not shown or column.label.startswith(NETWORK):
            continue
        _, row = max(shown, key=lambda pair: (pair[0] or 0, pair[1].head))
        others = "" if len(shown) == len(table.rows) else " of the subjects whose figure is not hidden"
        later = " Later figures are hidden." if at else ""
        told = f"{row.cells[at].text} in {column.label}.{later}"
        return f"{row.head} has the largest share of D and F marks{others}: {told}"
    return ""


Points = dict[tuple[object, str], Record]


def _points(rows: Sequence[Record], code: str, kind: str) -> Points:
    return {
        (row["period_start"], row["period_label"]): row
        for row in rows
        if row["measure_code"] == f"df_marks_{code}_{kind}" and not row["is_provisional"]
    }


def _table(of: dict[str, Points], network: dict[str, Points], labels: list[tuple[object, str]]) -> Table:
    beside = of != network and any(labels[0] in points for points in network.values())
    return Table(
        caption="D and F marks by core subject",
        first="Subject",
        columns=[
            *(Column(label, is_charted=True) for _, label in labels),
            *([Column(f"{NETWORK}, {labels[0][1]}", is_charted=True)] if beside else []),
        ],
        rows=[
            Row(
                name,
                [
                    *(_cell(points.get(label)) for label in labels),
                    *([_cell(network[name].get(labels[0]))] if beside else []),
                ],
            )
            for name, points in of.items()
        ],
        chart="bars",
        note="Final marks of D, F or no pass as a share of all final marks in the subject.",
        anchor="by-subject",
    )


def _cell(row: Record | None) -> Cell:
    if row is None:
        return NONE_SENT
    if row["suppression"] == "suppressed":
        return Cell("*", css=HIDDEN)
    value = share(row["value"])
    css = CODED if row["suppression"] == "coded" else ""
    return Cell(value.text, "" if row["n"] is None else f"of {row['n']:,}", value.value, css=css)
