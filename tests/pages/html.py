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


@dataclass
class Table:
    caption: str = ""
    columns: list[str] = field(default_factory=list)
    rows: dict[str, list[Cell]] = field(default_factory=dict)


class Reader(HTMLParser):
    """Collects what tests ask of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.ids: list[str] = []
        self.tables: list[Table] = []
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
        if tag == "table":
            self.tables.append(Table())
        if tag == "tr":
            self._head, self._cells = [], []
        if tag == "td":
            self._cells.append(Cell(attributes=found))
        if tag in ("caption", "thead", "tbody", "th", "td", "small", "span"):
            self._where.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._where and self._where[-1] == tag:
            self._where.pop()
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


@cache
def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader
