"""Delimited text, exactly: every physical line is header, record, continuation, reject or blank.

Two ways to the same rows. Fast: where one pass has shown that the text is clean, DuckDB reads the file itself; the
numbers of rows and of delimiters then prove that each row is a line. Exact: `records.py` makes numbered records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.landing.container import blocks
from pipelines.landing.contract import Feed
from pipelines.landing.readers.base import (
    Account,
    FileRead,
    Reject,
    Source,
    Unreadable,
    mask,
    mask_fields,
)
from pipelines.landing.readers.header import CANDIDATES, Layout, layout_of
from pipelines.landing.readers.probe import BOM, Probe
from pipelines.landing.readers.rawfile import ident, masked, temporary, text, write_rows
from pipelines.landing.readers.records import Marks, Records

if TYPE_CHECKING:
    import duckdb

GIVE_UP_AFTER = 10_000


def read_delimited(
    con: duckdb.DuckDBPyConnection, feed: Feed, source: Source, probe: Probe, read: FileRead, scope: str, target: Path
) -> list[Reject]:
    """Read one file to raw Parquet at `target`; returns the rejected lines, without social security numbers.

    Fills the account and columns of `read`. Raises Unreadable when the file as a whole is not what the contract says.
    """
    layout = layout_of(feed, probe, read)
    read.columns = [name for name in layout.columns if name is not None]
    if _is_clean(feed, probe, layout) and source.plain is not None:
        clean = _read_clean(con, feed, source.plain, probe, layout, read, scope, target)
        if clean:
            return []
    return _read_exact(con, feed, source, probe, layout, read, scope, target)


def _is_clean(feed: Feed, probe: Probe, layout: Layout) -> bool:
    """Whether each line is a record of the right width, and DuckDB reads it as it stands."""
    separators = len(layout.columns) - 1
    if probe.quotes and feed.quote:
        is_regular = not probe.has_odd_quotes and None not in layout.columns
    else:
        is_regular = probe.delimiters == probe.lines * separators
    return (
        is_regular
        and not probe.has_blank
        and not probe.has_nul
        and probe.line_end in ("lf", "crlf")
        and (probe.is_ascii or feed.encoding == "utf-8")
        and separators > 0
        and probe.lines > layout.header_lines
        and ord(feed.delimiter) < 128
    )


def _select(
    layout: Layout, read: FileRead, feed: Feed, scope: str, table: str, row: str, restoring: list[tuple[bytes, str]]
) -> str:
    columns = {name: masked(f"c{i}", nested=False) for i, name in enumerate(layout.columns) if name is not None}
    if restoring:
        table = f"(select {', '.join(['line', *_restored(layout, restoring)])} from {table})"
    scoped = text(scope)
    if feed.scope is not None and feed.scope.column is not None:
        scoped = f"coalesce({columns[feed.scope.column]}, '')" if feed.scope.column in columns else "''"
    listed = "".join(f", {expression} as {ident(name)}" for name, expression in columns.items())
    return f"select {text(read.file_id)} as _file_id, {row} as _row, {scoped} as _scope{listed} from {table}"


def _restoring(marks: Marks, used: set[bytes]) -> list[tuple[bytes, str]]:
    """What the marks in use stand for, as SQL."""
    meanings = ((marks.lf, "chr(10)"), (marks.cr, "chr(13)"), (marks.empty, "''"))
    return [(mark, meaning) for mark, meaning in meanings if mark in used]


def _restored(layout: Layout, restoring: list[tuple[bytes, str]]) -> list[str]:
    """Columns with the line ends and empty texts for which marks stood."""
    restored = []
    for index, name in enumerate(layout.columns):
        if name is not None:
            value = f"c{index}"
            for mark, written in restoring:
                value = f"replace({value}, chr({mark[0]}), {written})"
            restored.append(f"{value} as c{index}")
    return restored


def _table(path: Path, delimiter: str, columns: list[str], header: bool, quote: str = "") -> str:
    typed = ", ".join(f"{text(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({text(str(path))}, delim={text(delimiter)}, quote={text(quote)}, escape={text(quote)}, "
        f"header={str(header).lower()}, "
        f"auto_detect=false, strict_mode=true, max_line_size=10000000, columns={{{typed}}})"
    )


def _read_clean(
    con: duckdb.DuckDBPyConnection, feed: Feed, path: Path, probe: Probe, layout: Layout, read: FileRead, scope: str,
    target: Path,
) -> bool:  # fmt: skip
    """Let DuckDB read the file; true if the account shows that every line became a row."""
    import duckdb

    names = [f"c{index}" for index in range(len(layout.columns))]
    quote = feed.quote if feed.quote and probe.quotes else ""
    table = _table(path, feed.delimiter, names, feed.header, quote)
    row = f"row_number() over () + {layout.header_lines}"
    as_it_was = replace(read, refused=list(read.refused), columns=list(read.columns))
    try:
        rows = write_rows(con, _select(layout, read, feed, scope, table, row, []), read.columns, target, read)
    except duckdb.Error:
        # Some line is not as wide as the others: the exact way tells which
        return False
    trailing = _trailing(con, target, read, layout, probe.trailing) if quote else probe.trailing
    if rows + layout.header_lines != probe.lines or trailing != probe.trailing:
        target.unlink()
        read.refused, read.refused_values, read.columns = as_it_was.refused, {}, as_it_was.columns
        return False
    read.account = Account(lines=probe.lines, header=layout.header_lines, records=rows)
    return True


def _trailing(con: duckdb.DuckDBPyConnection, path: Path, read: FileRead, layout: Layout, trailing: int) -> int:
    """The empty fields at the ends of rows: as many as delimiters at the ends of their lines, or a line was misread."""
    if read.columns != layout.columns:
        # A column was refused for what it holds: it no longer tells where lines end
        return -1
    names = [name for name in layout.columns if name is not None][1:]
    runs, empty = [], "true"
    # Where no line ends with a delimiter, the last column tells it all
    for name in reversed(names if trailing else names[-1:]):
        empty += f" and {ident(name)} is null"
        runs.append(f"count(*) filter ({empty})")
    counted = " + ".join(runs) or "0"
    ((ends,),) = con.execute(f"select {counted} from read_parquet({text(str(path))})").fetchall()
    return int(ends)


def _read_exact(
    con: duckdb.DuckDBPyConnection, feed: Feed, source: Source, probe: Probe, layout: Layout, read: FileRead,
    scope: str, target: Path,
) -> list[Reject]:  # fmt: skip
    """Number the records in Python, block by block, and let DuckDB take them from there."""
    if len(probe.free_controls) < 5:
        raise Unreadable("the file holds control characters: it is no text")
    field, lf, cr, empty, part = probe.free_controls[:5]
    marks = Marks(field, lf, cr, empty, part)
    quote = feed.quote.encode() if feed.quote is not None and probe.quotes else None
    first = layout.header_lines + 1
    records = Records(feed.delimiter.encode(), quote, len(layout.columns), marks, first)
    account = Account(lines=probe.lines, header=layout.header_lines)
    rejects: list[Reject] = []
    numbered = temporary(target)
    try:
        with source.open() as stream, numbered.open("wb") as out:
            for batch in records.read(_after_header(blocks(stream), feed, probe, layout.header_lines)):
                prefix = b"%d" + field
                out.write(b"".join([prefix % n + r + b"\n" for n, r in zip(batch.lines, batch.records, strict=True)]))
                account.records += len(batch.records)
                account.continuation += batch.continuation
                account.blank += batch.blank
                rejects += batch.rejects
                if not account.records and len(rejects) > GIVE_UP_AFTER:
                    break
        if rejects and not account.records:
            raise Unreadable(_nothing_read(feed, rejects[0]), rejects[0].line)
        names = ["line", *(f"c{index}" for index in range(len(layout.columns)))]
        table = _table(numbered, field.decode(), names, header=False)
        select = _select(layout, read, feed, scope, table, "line::bigint", _restoring(marks, records.used))
        rows = write_rows(con, select, read.columns, target, read)
    finally:
        numbered.unlink(missing_ok=True)
    account.rejected = len(rejects)
    if rows != account.records or not account.balances:
        target.unlink()
        raise Unreadable(f"the account does not balance ({rows} rows, {account}): please report this file's form")
    read.account = account
    return [_safe(reject, feed, layout, read) for reject in rejects]


def _after_header(stream: Iterator[bytes], feed: Feed, probe: Probe, header_lines: int) -> Iterator[bytes]:
    """Blocks in UTF-8, without BOM and header."""
    skip = header_lines
    rest = b""
    for index, block in enumerate(stream):
        body = block[len(BOM) :] if index == 0 and probe.has_bom else block
        if feed.encoding == "cp1252" and not probe.is_ascii:
            body = body.decode("cp1252").encode()
        rest += body
        while skip:
            end = _line_end(rest)
            if end < 0:
                break
            rest, skip = rest[end:], skip - 1
        if not skip:
            yield rest
            rest = b""


def _line_end(block: bytes) -> int:
    """Position after the first line end, -1 if it is not (surely) there."""
    ends = [position for position in (block.find(b"\n"), block.find(b"\r")) if position >= 0]
    if not ends:
        return -1
    end = min(ends)
    if block[end : end + 1] == b"\n":
        return end + 1
    if end + 1 == len(block):
        return -1
    return end + (2 if block[end + 1 : end + 2] == b"\n" else 1)


def _nothing_read(feed: Feed, reject: Reject) -> str:
    wanted = len(feed.columns)
    for other in CANDIDATES:
        if other != feed.delimiter and reject.raw.count(other) == wanted - 1:
            return f"the columns are separated by {other!r}, expected {feed.delimiter!r}"
    return f"no line can be read as the contract says ({reject.reason})"


def _safe(reject: Reject, feed: Feed, layout: Layout, read: FileRead) -> Reject:
    """A reject whose raw text has no social security number in it."""
    position = {name: index for index, name in enumerate(layout.columns)}
    refused = [*layout.refused, *(position[name] for name in read.refused if name in position)]
    if refused:
        return Reject(reject.line, reject.reason, mask_fields(reject.raw, feed.delimiter, refused, len(layout.columns)))
    return Reject(reject.line, reject.reason, mask(reject.raw, loose=False))
