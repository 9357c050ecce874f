"""Pages as text: links, anchors and table cells, read without a browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path


@dataclass
class Cell:
    """A cell of a table body: the figure, what stands below it, and its attributes."""

    text: str = ""
    detail: str = ""
    attributes: dict[str, str | None] = field(default_factory=dict)

    @property
    def is_hidden(self) -> bool:
        return "hidden" in (self.attributes.get("class") or "").split()

    @property
    def is_text(self) -> bool:
        return "t" in (self.attributes.get("class") or "").split()


@dataclass
class Table:
    """A table; `chart` is the id of the figure that draws it, `charted` which columns, by the names that a chart knows."""

    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: dict[str, list[Cell]] = field(default_factory=dict)
    chart: str = ""
    kind: str = ""
    charted: dict[int, str] = field(default_factory=dict)

    @property
    def to_draw(self) -> list[dict[str, object]]:
        """What a chart of it draws: a row a row and, where columns have no names of their own, a row a cell."""
        rows: list[dict[str, object]] = []
        for head, cells in self.rows.items():
            numbers = {at: cells[at].attributes.get("data-v") for at in self.charted}
            if any(self.charted.values()):
                drawn = {
                    name: cells[at].text or None if cells[at].is_text else _number(numbers[at])
                    for at, name in self.charted.items()
                }
                rows.append({"row": head} | drawn)
            else:
                rows += [
                    {"row": head, "series": self.columns[1 + at], "value": _number(numbers[at])} for at in self.charted
                ]
        return rows


class Reader(HTMLParser):
    """Collects what tests ask of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.tables: list[Table] = []
        self._figure: tuple[str, str] | None = None
        self._where: list[str] = []
        self._head: list[str] = []
        self._cells: list[Cell] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href") is not None:
            self.links.append(str(found["href"]))
        if tag in ("script", "link") and (found.get("src") or found.get("href")):
            self.sources.append(str(found.get("src") or found.get("href")))
        if tag == "figure":
            self._figure = (str(found.get("id")), str(found.get("data-chart")))
        if tag == "table":
            self.tables.append(Table())
            if self._figure:
                self.tables[-1].chart, self.tables[-1].kind = self._figure
        if tag == "th" and "data-c" in found and self.tables:
            self.tables[-1].charted[len(self.tables[-1].columns) - 1] = str(found["data-c"] or "")
        if tag == "tr":
            self._head, self._cells = [], []
        if tag == "td":
            self._cells.append(Cell(attributes=found))
        if tag in ("caption", "thead", "tbody", "th", "td", "small", "span"):
            self._where.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._where and self._where[-1] == tag:
            self._where.pop()
        if tag == "figure":
            self._figure = None
        if tag == "tr" and self.tables and "tbody" in self._where:
            self.tables[-1].rows["".join(self._head).strip()] = self._cells
            self._cells = []

    def handle_data(self, data: str) -> None:
        if not self._where or not self.tables:
            return
        inner, table = self._where[-1], self.tables[-1]
        if inner == "caption":
            table.caption += data
        elif inner == "th" and "thead" in self._where:
            table.columns.append(data)
        elif inner == "th":
            self._head.append(data)
        elif inner == "small" and self._cells:
            self._cells[-1].detail += data
        elif inner == "td" and self._cells:
            self._cells[-1].text += data.strip()


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


@cache
def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader
