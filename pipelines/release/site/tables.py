"""Tables as pages show them: text for people, and beside it the plain numbers that a chart of the table draws.

A chart has no data of its own, so nothing can be in a chart that is not in its table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

ALT_VALUES = 8
NARROW = 2
HIDDEN, CODED = "hidden", "coded"
UNIT_FORMAT = {
    "rate": ".0%",
    "tenths": ".1%",
    "difference": "+.0%",
    "gpa": ".2f",
    "ratio": ".2f",
    "count": ",",
    "days": ".1f",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell says; `value`, `low` and `high` are what a chart draws, `css` marks hidden and coded cells."""

    text: str
    detail: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None
    css: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its heading (a link where that has a page) and its cells; `main` is the row that the page is about."""

    head: str
    cells: Sequence[Cell]
    href: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called; `name` where a chart knows it by a name of its own; `is_text` if it holds words."""

    label: str
    is_charted: bool = False
    name: str = ""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A captioned table, and the kind of chart drawn from it (none: the table alone); `more` is a link."""

    caption: str
    first: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    chart: str = ""
    unit: str = "rate"
    note: str = ""
    is_folded: bool = False
    anchor: str = field(default="")
    more: tuple[str, str] | None = None

    @property
    def id(self) -> str:
        """Where links point: letters of the caption, unless an anchor is given."""
        return self.anchor or re.sub(r"[^a-z0-9]+", "-", self.caption.lower()).strip("-")

    @property
    def number_format(self) -> str:
        """How an axis writes a number of this unit."""
        return UNIT_FORMAT.get(self.unit, "")

    @property
    def has_numbers(self) -> bool:
        """Whether a chart would show anything."""
        return any(
            cell.value is not None
            for row in self.rows
            for column, cell in zip(self.columns, row.cells, strict=True)
            if column.is_charted
        )

    @property
    def is_hidden_throughout(self) -> bool:
        """Whether the table of a chart has hidden cells alone: a line says so instead."""
        return bool(self.chart) and all(cell.css == HIDDEN for row in self.rows for cell in row.cells)

    @property
    def marks(self) -> set[str]:
        """Which of hidden and coded cells occur, so that the page explains them where they stand."""
        return {cell.css for row in self.rows for cell in row.cells if cell.css in (HIDDEN, CODED)}

    @property
    def alternative(self) -> str:
        """The chart in words, for who does not see it."""
        said = [
            f"{row.head}: " + ", ".join(f"{label}{cell.text}" for label, cell in self._charted(row))
            for row in self.rows
            if self._charted(row)
        ]
        more = f"; and {len(said) - ALT_VALUES} more rows in the table" if len(said) > ALT_VALUES else ""
        return f"Chart of the table below. {'; '.join(said[:ALT_VALUES])}{more}."

    @property
    def html(self) -> Markup:
        """The table as markup; every text in it is escaped."""
        heads = "".join(_head(column) for column in self.columns)
        body = "".join(self._row(row) for row in self.rows)
        width = " class=narrow" if len(self.columns) <= NARROW else ""
        return Markup(
            f"<table{width}><caption>{escape(self.caption)}</caption>"
            f"<thead><tr><th scope=col>{escape(self.first)}</th>{heads}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _charted(self, row: Row) -> list[tuple[str, Cell]]:
        pairs = [
            (column, cell)
            for column, cell in zip(self.columns, row.cells, strict=True)
            if column.is_charted and cell.text
        ]
        many = len([column for column in self.columns if column.is_charted]) > 1
        return [(f"{column.label} " if many else "", cell) for column, cell in pairs]

    def _row(self, row: Row) -> str:
        head = escape(row.head)
        if row.href:
            head = f'<a href="{escape(row.href)}">{head}</a>'
        cells = "".join(_cell(column, cell) for column, cell in zip(self.columns, row.cells, strict=True))
        return f"<tr{' data-main' if row.main else ''}><th scope=row>{head}</th>{cells}</tr>"


def _head(column: Column) -> str:
    drawn = f' data-c="{escape(column.name)}"' if column.is_charted else ""
    return f"<th scope=col{' class=t' if column.is_text else ''}{drawn}>{escape(column.label)}</th>"


def _cell(column: Column, cell: Cell) -> str:
    css = " ".join(each for each in ("t" if column.is_text else "", cell.css) if each)
    marked = f' class="{css}"' if css else ""
    if column.is_charted and cell.value is not None:
        marked += f' data-v="{_plain(cell.value)}"'
        if cell.low is not None and cell.high is not None:
            marked += f' data-lo="{_plain(cell.low)}" data-hi="{_plain(cell.high)}"'
    detail = f" <small>{escape(cell.detail)}</small>" if cell.detail else ""
    said = ' <span class="unseen">(hidden)</span>' if cell.css == HIDDEN else ""
    return f"<td{marked}>{escape(cell.text)}{said}{detail}</td>"


def _plain(value: float) -> str:
    return f"{value:.6g}"


def with_rows(tables: Iterable[Table]) -> list[Table]:
    """The tables that have a row: an empty one says nothing."""
    return [table for table in tables if table.rows]
