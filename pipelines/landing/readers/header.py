"""The columns of a delimited file: by its header, compared with the contract, or by the contract's order."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from pipelines.landing.contract import Feed
from pipelines.landing.readers.base import FileRead, Unreadable, is_ssn_header, name_list
from pipelines.landing.readers.probe import BOM, Probe

CANDIDATES = (",", "\t", ";", "|", "^")


@dataclass
class Layout:
    """Columns of the file in their order: name in raw, or None for one that is not kept."""

    columns: list[str | None]
    refused: list[int]
    header_lines: int


def layout_of(feed: Feed, probe: Probe, read: FileRead) -> Layout:
    """Compare the header with the contract. Without a header the contract's order is the order."""
    if not feed.header:
        refused = [i for i, c in enumerate(feed.columns) if c.refuse or is_ssn_header(c.name)]
        read.refused = [feed.columns[i].name for i in refused]
        columns = [None if i in refused else c.name for i, c in enumerate(feed.columns)]
        return Layout(columns, refused, 0)
    if probe.is_empty:
        raise Unreadable("the file is empty: not even the header line is there", 1)
    names, header_lines = _header(feed, probe)
    expected = {column.sent_as: column for column in feed.columns}
    if not set(names) & set(expected):
        raise Unreadable(_wrong_header(feed, names, list(expected)), 1)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Unreadable(f"the header names {name_list(twice)} more than once", 1)
    columns_found: list[str | None] = []
    refused = []
    for index, name in enumerate(names):
        column = expected.get(name)
        if is_ssn_header(name) or (column is not None and (column.refuse or is_ssn_header(column.name))):
            refused.append(index)
            read.refused.append(column.name if column else name)
            columns_found.append(None)
        elif column is None:
            read.unknown.append(name)
            columns_found.append(None)
        else:
            columns_found.append(column.name)
    sent = [name for name in names if name in expected]
    if sent != [name for name in expected if name in sent]:
        read.notes.append("columns stand in another order than in the contract: read by name")
    read.missing = [c.name for key, c in expected.items() if c.required and key not in names]
    return Layout(columns_found, refused, header_lines)


def _header(feed: Feed, probe: Probe) -> tuple[list[str], int]:
    """Names in the first record, and the number of lines it takes."""
    head = probe.head[len(BOM) if probe.has_bom else 0 :]
    # The head is a block of bytes: it may end within a character
    lines = io.StringIO(head.decode(feed.encoding, errors="ignore"), newline="")
    if feed.quote is None:
        reader = csv.reader(lines, delimiter=feed.delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=feed.delimiter, quotechar=feed.quote, strict=True)
    try:
        names = next(reader)
    except (csv.Error, StopIteration) as error:
        raise Unreadable("the header line cannot be read: a quote is not closed", 1) from error
    if not names:
        raise Unreadable("the first line is blank, expected the header", 1)
    return [name.strip() for name in names], reader.line_num


def _wrong_header(feed: Feed, names: list[str], expected: list[str]) -> str:
    if len(names) == 1 and len(expected) > 1:
        for other in CANDIDATES:
            found = names[0].replace('"', "").split(other)
            if other != feed.delimiter and set(found) & set(expected):
                return f"the columns are separated by {other!r}, expected {feed.delimiter!r}"
    return f"the first line has none of the expected columns ({name_list(expected)}): is there a header?"
