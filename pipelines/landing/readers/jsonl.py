"""JSON lines: one object a line; a column is the text at its path, nested values stay JSON text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.landing.container import blocks
from pipelines.landing.contract import Column, Feed
from pipelines.landing.readers.base import Account, FileRead, Reject, Source, Unreadable, is_ssn_header, mask
from pipelines.landing.readers.probe import BOM, Probe
from pipelines.landing.readers.rawfile import ident, masked, temporary, text, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

MAX_LINE = 100_000_000


def json_path(column: Column) -> str:
    """DuckDB's form of a dotted path; one that begins with `$` or `/` is taken as it is."""
    path = column.path or column.name
    if path[0] in "$/":
        return path
    return "$." + ".".join(f'"{part}"' for part in path.split("."))


def read_jsonl(
    con: duckdb.DuckDBPyConnection, feed: Feed, source: Source, probe: Probe, read: FileRead, scope: str, target: Path
) -> list[Reject]:
    """Read one file to raw Parquet at `target`; returns the lines that are no JSON object.

    Fills the account and columns of `read`. Raises Unreadable when no line is a JSON object.
    """
    refused = [c.name for c in feed.columns if c.refuse or is_ssn_header(c.name) or is_ssn_header(c.path or "")]
    columns = [column for column in feed.columns if column.name not in refused]
    read.refused = list(refused)
    read.columns = [column.name for column in columns]
    if not probe.free_controls:
        raise Unreadable("the file holds control characters: it is no JSON")
    field = probe.free_controls[0]
    numbered = temporary(target)
    try:
        account = _number_lines(source, probe, field, numbered)
        table = (
            f"read_csv({text(str(numbered))}, delim={text(field.decode())}, quote='', escape='', header=false, "
            f"auto_detect=false, max_line_size={MAX_LINE}, columns={{'line': 'BIGINT', 'body': 'VARCHAR'}})"
        )
        good = "case when json_valid(body) then json_type(body) = 'OBJECT' else false end"
        bad = con.execute(f"select line, body from {table} where not coalesce({good}, false) order by line").fetchall()
        paths = "[" + ", ".join(text(json_path(column)) for column in columns) + "]"
        parsed = f"(select line, json_extract_string(body, {paths}) as v from {table} where {good})"
        flat = ", ".join(["line", *(f"v[{i}] as c{i}" for i in range(1, len(columns) + 1))])
        values = {column.name: masked(f"c{i}", nested=True) for i, column in enumerate(columns, 1)}
        scoped = text(scope)
        if feed.scope is not None and feed.scope.column is not None:
            scoped = f"coalesce({values[feed.scope.column]}, '')"
        listed = "".join(f", {value} as {ident(name)}" for name, value in values.items())
        select = (
            f"select {text(read.file_id)} as _file_id, line as _row, {scoped} as _scope{listed} "
            f"from (select {flat} from {parsed})"
        )
        account.records = write_rows(con, select, read.columns, target, read)
    finally:
        numbered.unlink(missing_ok=True)
    account.rejected = len(bad)
    if not account.balances:
        target.unlink()
        raise Unreadable(f"the account does not balance ({account}): please report this file's form")
    if bad and not account.records:
        target.unlink()
        raise Unreadable("no line is a JSON object", bad[0][0])
    read.account = account
    loose = bool(refused)
    return [Reject(line, "not a JSON object", mask(body or "", loose)) for line, body in bad]


def _number_lines(source: Source, probe: Probe, field: bytes, numbered: Path) -> Account:
    """Write `<line number><mark><line>` for every line that is not blank."""
    account = Account(lines=probe.lines)
    rest, line = b"", 0
    with source.open() as stream, numbered.open("wb") as out:
        for index, block in enumerate(blocks(stream)):
            rest += block[len(BOM) :] if index == 0 and probe.has_bom else block
            cut = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
            line = _write_lines(rest[:cut], line, field, out, account)
            rest = rest[cut:]
            if len(rest) > MAX_LINE:
                raise Unreadable("a line of over 100 MB", line + 1)
        _write_lines(rest, line, field, out, account)
    return account


def _write_lines(body: bytes, line: int, field: bytes, out: object, account: Account) -> int:
    lines = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if not lines[-1]:
        lines.pop()
    kept = [b"%d%b%b\n" % (number, field, item) for number, item in enumerate(lines, line + 1) if item.strip()]
    account.blank += len(lines) - len(kept)
    out.write(b"".join(kept))  # type: ignore[attr-defined]
    return line + len(lines)
