"""The published tables as a picture: keys, and what refers to what. Run as a module, it writes docs/erd.svg.

Students' tables stand on the left, dimensions in the middle, figures on the right. All that refers to a table joins one
line of its color in the gap between. Numbers are integers and tables stand by name, so that the same project gives the
same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from pipelines.dbt_project import PREPARED
from pipelines.release.dictionary import PublishedTable, published_tables
from pipelines.settings import PROJECT

WIDTH, HEADER, ROW, GAP = 236, 26, 17, 22
MARGIN, LANE, TOP = 24, 16, 78
COLORS = ("#1d4f91", "#b3500d", "#1a6b35", "#7a2a8f", "#9a1b1b", "#00707a", "#6b5a00", "#444c56", "#a3246d", "#3d3db8")
TIER_LETTERS = {"public": "P", "partner": "C", "restricted": "R"}
STYLE = (
    "text{font:12px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1b1f24}"
    ".h{font-weight:700;fill:#fff}.k{font-weight:700}.s{fill:#57606a;font-size:11px}"
    ".t{font:700 15px system-ui,'DejaVu Sans',sans-serif}.n{font:12px system-ui,'DejaVu Sans',sans-serif;fill:#57606a}"
)


@dataclass
class _Box:
    """A table as drawn: its place, and the row of each column that is shown."""

    table: PublishedTable
    x: int
    y: int
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        referring = [name for reference in self.table.references for name in reference.columns]
        return list(dict.fromkeys([*self.table.key, *referring]))

    @property
    def height(self) -> int:
        return HEADER + ROW * (len(self.names) + 1) + 6

    def row(self, column: str) -> int:
        """Middle of a column's row."""
        return self.y + HEADER + ROW * self.names.index(column) + 11


def draw(tables: Sequence[PublishedTable]) -> str:
    """The picture as SVG text."""
    left = [table for table in tables if table.tiers == ("restricted",) and not table.is_dimension]
    middle = [table for table in tables if table.is_dimension]
    right = [table for table in tables if table not in left and table not in middle]
    referred = [table for table in tables if any(r.table == table.name for t in tables for r in t.references)]
    colors = {table.name: COLORS[place % len(COLORS)] for place, table in enumerate(referred)}
    in_right_gap = _targets(right, referred)
    in_left_gap = [name for name in colors if name in _targets([*left, *middle], referred)]
    middle_x = MARGIN + WIDTH + LANE * (len(in_left_gap) + 3)
    right_x = middle_x + WIDTH + LANE * (len(in_right_gap) + 3)
    heights = [sum(_Box(table, 0, 0).height + GAP for table in column) for column in (left, middle, right)]
    bottom = TOP + max(heights)
    boxes = {
        box.table.name: box
        for x, column in ((MARGIN, left), (middle_x, middle), (right_x, right))
        for box in _stack(column, x, bottom)
    }
    lines: list[str] = []
    for place, name in enumerate(in_left_gap):
        sources = [(boxes[t.name], r.columns[0]) for t in (*left, *middle) for r in t.references if r.table == name]
        lines += _line(boxes[name], sources, MARGIN + WIDTH + LANE * (place + 2), middle_x, colors[name])
    for place, name in enumerate(in_right_gap):
        sources = [(boxes[t.name], r.columns[0]) for t in right for r in t.references if r.table == name]
        lines += _line(boxes[name], sources, middle_x + WIDTH + LANE * (place + 2), right_x, colors[name])
    width = right_x + WIDTH + MARGIN
    heads = [
        f'<text class="t" x="{x}" y="{TOP - 16}">{words}</text>'
        for x, words in ((MARGIN, "Students of one district"), (middle_x, "Dimensions"), (right_x, "Figures"))
    ]
    note = (
        "Bold: the key. A line leads from the columns that refer to a table to its key. "
        "P public, C partner (the collaborative's staff), R restricted (one database a district)."
    )
    drawn = [shape for box in boxes.values() for shape in _box(box, colors)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {bottom}" width="{width}" height="{bottom}" '
            'role="img" aria-labelledby="erd-title">',
            f"<style>{STYLE}</style>",
            '<title id="erd-title">Published tables, their keys, and what refers to what</title>',
            f'<rect width="{width}" height="{bottom}" fill="#fff"/>',
            f'<text class="n" x="{MARGIN}" y="26">{escape(note)}</text>',
            *heads,
            *lines,
            *drawn,
            "</svg>",
            "",
        ]
    )


def _targets(tables: Sequence[PublishedTable], referred: Sequence[PublishedTable]) -> list[str]:
    names = {reference.table for table in tables for reference in table.references}
    return [table.name for table in referred if table.name in names]


def _stack(tables: Sequence[PublishedTable], x: int, bottom: int) -> list[_Box]:
    """Boxes one below the other, spread over the height."""
    boxes = [_Box(table, x, 0) for table in tables]
    free = bottom - TOP - sum(box.height for box in boxes)
    gap = free // max(len(boxes), 1)
    y = TOP
    for box in boxes:
        box.y = y
        y += box.height + gap
    return boxes


def _line(target: _Box, sources: Sequence[tuple[_Box, str]], x: int, right_edge: int, color: str) -> list[str]:
    """From every source to one vertical line in the gap, and from there to the key of the target."""

    def edge(box: _Box) -> int:
        return box.x if box.x >= right_edge else box.x + WIDTH

    end = target.row(target.table.key[0]) if target.table.key else target.y + HEADER
    ys = [*(box.row(column) for box, column in sources), end]
    to = edge(target)
    tip = 7 if to > x else -7
    shapes = [f'<path d="M{x} {min(ys)}V{max(ys)}" stroke="{color}" stroke-width="2" fill="none"/>']
    for box, column in sources:
        y = box.row(column)
        shapes.append(f'<path d="M{edge(box)} {y}H{x}" stroke="{color}" fill="none"/>')
        shapes.append(f'<circle cx="{x}" cy="{y}" r="3" fill="{color}"/>')
    shapes.append(f'<path d="M{x} {end}H{to - tip}" stroke="{color}" stroke-width="2" fill="none"/>')
    shapes.append(f'<path d="M{to} {end}l{-tip} -5v10z" fill="{color}"/>')
    return shapes


def _box(box: _Box, colors: dict[str, str]) -> list[str]:
    table, x, y = box.table, box.x, box.y
    color = colors.get(table.name, "#57606a")
    tiers = " ".join(TIER_LETTERS[tier] for tier in table.tiers)
    shapes = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{box.height}" rx="4" fill="#fff" stroke="{color}"/>',
        f'<path d="M{x} {y + HEADER}v{4 - HEADER}q0 -4 4 -4h{WIDTH - 8}q4 0 4 4v{HEADER - 4}z" fill="{color}"/>',
        f'<text class="h" x="{x + 10}" y="{y + 17}">{escape(table.name)}</text>',
        f'<text class="h" x="{x + WIDTH - 10}" y="{y + 17}" text-anchor="end">{tiers}</text>',
    ]
    to = {name: reference.table for reference in table.references for name in reference.columns[:1]}
    for name in box.names:
        middle = box.row(name) + 4
        kind = ' class="k"' if name in table.key else ""
        shapes.append(f'<text{kind} x="{x + 10}" y="{middle}">{escape(name)}</text>')
        if name in to:
            dot = x + WIDTH - 10
            shapes.append(f'<circle cx="{dot}" cy="{middle - 4}" r="4" fill="{colors[to[name]]}"/>')
    more = len(table.columns) - len(box.names)
    last = y + HEADER + ROW * len(box.names) + 15
    words = f"and {more} more" if more else "no other column"
    shapes.append(f'<text class="s" x="{x + 10}" y="{last}">{words}</text>')
    return shapes


def main() -> int:
    """Write docs/erd.svg from the project as `make` parsed it."""
    project = json.loads((PREPARED / "manifest.json").read_text(encoding="utf-8"))
    (PROJECT / "docs" / "erd.svg").write_text(draw(published_tables(project)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
