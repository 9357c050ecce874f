"""Ed-Fi interchange XML, streamed: one element makes one row, columns are paths inside it, namespaces are ignored.

The only reader through which student rows pass in Python, in batches: DuckDB reads no XML. A document type is refused
before anything else is parsed, so that no entity can grow.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, TYPE_CHECKING, Any, cast
from xml.parsers import expat

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.landing.container import blocks
from pipelines.landing.contract import Column, Feed
from pipelines.landing.readers.base import (
    SSN,
    Account,
    FileRead,
    Reject,
    Source,
    Unreadable,
    is_ssn_header,
    mask,
)
from pipelines.landing.readers.rawfile import REFUSED, temporary, text, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

BATCH = 50_000


class _Node:
    """Part of the tree of wanted paths below a record."""

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.attributes: dict[str, int] = {}
        self.column: int | None = None


def _tree(columns: list[Column]) -> _Node:
    root = _Node()
    for index, column in enumerate(columns):
        node = root
        for part in (column.path or column.name).split("/"):
            if part.startswith("@"):
                node.attributes[part[1:]] = index
                break
            node = node.children.setdefault(part, _Node())
        else:
            node.column = index
    return root


@lru_cache(maxsize=4096)
def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def _value(element: ET.Element) -> Any:
    """Text of an element; with children or attributes a dict of them (attributes as `@name`), repeats as lists."""
    if not len(element) and not element.attrib:
        return (element.text or "").strip() or None
    found: dict[str, Any] = {f"@{local_name(name)}": value for name, value in element.attrib.items()}
    for child in element:
        name, value = local_name(child.tag), _value(child)
        if name in found:
            found[name] = [*found[name], value] if isinstance(found[name], list) else [found[name], value]
        else:
            found[name] = value
    if not len(element) and (element.text or "").strip():
        found["#text"] = (element.text or "").strip()
    return found


def _collect(element: ET.Element, node: _Node, found: list[list[Any]]) -> None:
    for name, index in node.attributes.items():
        value = element.get(name)
        if value is not None:
            found[index].append(value)
    if node.column is not None:
        value = (element.text or "").strip() or None if not len(element) else _value(element)
        if value is not None:
            found[node.column].append(value)
    if node.children:
        for child in element:
            wanted = node.children.get(local_name(child.tag))
            if wanted is not None:
                _collect(child, wanted, found)


def _as_text(values: list[Any]) -> str | None:
    if not values:
        return None
    if len(values) == 1 and isinstance(values[0], str):
        return REFUSED if SSN.fullmatch(values[0]) else values[0]
    nested = json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False, separators=(",", ":"))
    return mask(nested, loose=False)


def check_prolog(stream: IO[bytes]) -> None:
    """Refuse a document type declaration, the only place where entities can be declared.

    Raises Unreadable for one, and for text that is no XML.
    """
    parser = expat.ParserCreate()
    started: list[str] = []

    def refuse(*_: object) -> None:
        raise Unreadable(
            "the XML has a document type declaration, which is not read (entities)", parser.CurrentLineNumber
        )

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _: started.append(name)
    try:
        while not started and (block := stream.read(4096)):
            parser.Parse(block, False)
    except expat.ExpatError as error:
        raise Unreadable(f"the XML is not well-formed ({expat.ErrorString(error.code)})", error.lineno) from error
    if not started:
        raise Unreadable("the file is empty: no XML element is there", 1)


def records(stream: IO[bytes], record: str) -> Iterator[ET.Element]:
    """The elements of that name, one after the other; each is forgotten afterwards.

    Raises Unreadable with the line where the XML stops being well-formed.
    """
    parser = ET.XMLPullParser(("start", "end"))
    stack: list[ET.Element] = []
    inside = 0
    try:
        for block in blocks(stream):
            parser.feed(block)
            for event, element in cast(Iterator[tuple[str, ET.Element]], parser.read_events()):
                is_record = local_name(element.tag) == record
                if event == "start":
                    stack.append(element)
                    inside += is_record
                    continue
                stack.pop()
                if is_record:
                    inside -= 1
                    if not inside:
                        yield element
                if not inside and stack:
                    # Drop it from its parent: memory must not grow with the file
                    stack[-1].remove(element)
        parser.close()
    except ET.ParseError as error:
        raise Unreadable(f"the XML is not well-formed ({error.msg})", error.position[0]) from error


def read_edfi_xml(
    con: duckdb.DuckDBPyConnection, feed: Feed, source: Source, read: FileRead, scope: str, target: Path
) -> list[Reject]:
    """Read the records of one file to raw Parquet at `target`. `_row` is the number of the record.

    Fills the account (its lines are records) and columns of `read`. Raises Unreadable for XML that is not well-formed
    or has a document type.
    """
    refused = [c.name for c in feed.columns if c.refuse or is_ssn_header(c.name) or is_ssn_header(c.path or "")]
    columns = [column for column in feed.columns if column.name not in refused]
    read.refused = list(refused)
    read.columns = [column.name for column in columns]
    with source.open() as stream:
        check_prolog(stream)
    part = temporary(target)
    try:
        n = _write_batches(feed, columns, source, read.file_id, scope, part)
        select = f"select * from read_parquet({text(str(part))})"
        write_rows(con, select, read.columns, target, read)
    finally:
        part.unlink(missing_ok=True)
    read.account = Account(lines=n, records=n)
    return []


def _write_batches(feed: Feed, columns: list[Column], source: Source, file_id: str, scope: str, target: Path) -> int:
    """Write all records; returns their number."""
    tree = _tree(columns)
    names = [column.name for column in columns]
    schema = pa.schema(
        [
            ("_file_id", pa.string()),
            ("_row", pa.int64()),
            ("_scope", pa.string()),
            *((name, pa.string()) for name in names),
        ]
    )
    scope_at = names.index(feed.scope.column) if feed.scope is not None and feed.scope.column is not None else None
    total = 0
    with source.open() as stream, pq.ParquetWriter(target, schema, compression="zstd") as writer:
        batch: list[list[str | None]] = []
        for element in records(stream, str(feed.record)):
            found: list[list[Any]] = [[] for _ in columns]
            _collect(element, tree, found)
            batch.append([_as_text(values) for values in found])
            if len(batch) >= BATCH:
                total = _flush(writer, schema, batch, total, file_id, scope, scope_at)
                batch = []
        return _flush(writer, schema, batch, total, file_id, scope, scope_at) if batch else total


def _flush(
    writer: pq.ParquetWriter, schema: pa.Schema, batch: list[list[str | None]], total: int, file_id: str, scope: str,
    scope_at: int | None,
) -> int:  # fmt: skip
    n = len(batch)
    scopes = [scope] * n if scope_at is None else [row[scope_at] or "" for row in batch]
    values = [[file_id] * n, list(range(total + 1, total + n + 1)), scopes, *map(list, zip(*batch, strict=True))]
    arrays = [pa.array(column, field.type) for column, field in zip(values, schema, strict=True)]
    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return total + n
