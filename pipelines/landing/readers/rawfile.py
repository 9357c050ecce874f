"""Raw Parquet: written under a temporary name, then moved; columns as text; no social security number in it.

Also measures what was written (rows per scope and school, filled values, duplicate keys, unknown codes): the ledger
keeps these so that a delivery can be judged again without being read again.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.landing.contract import Contract, Feed
from pipelines.landing.readers.base import FileRead, Reject

if TYPE_CHECKING:
    import duckdb

# Sorts below all text, so that Parquet's statistics find it without a scan
REFUSED = "\x01refused"
REFUSED_SQL = "(chr(1) || 'refused')"
REFUSE_COLUMN_FROM = 0.5
SSN_SQL = r"\d{3}-\d{2}-\d{4}"
SSN_INSIDE_SQL = r"(^|[^\d-])\d{3}-\d{2}-\d{4}($|[^\d-])"


def ident(name: str) -> str:
    """A name as SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text as SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def masked(expression: str, nested: bool) -> str:
    """SQL that keeps a value unless it is (in nested JSON: holds) a social security number."""
    inside = ""
    if nested:
        replaced = rf"regexp_replace({expression}, '{SSN_INSIDE_SQL}', '\1[refused]\2', 'g')"
        inside = f" when {expression}[1] in ('[', '{{') and contains({expression}, '-') then {replaced}"
    return (
        f"case when strlen({expression}) = 11 and regexp_full_match({expression}, '{SSN_SQL}') then {REFUSED_SQL}"
        f"{inside} else {expression} end"
    )


def raw_path(raw: Path, district: str, feed: str, file_id: str) -> Path:
    """Where the rows of a file lie."""
    return raw / district / feed / f"{file_id}.parquet"


def reject_path(raw: Path, district: str, file_id: str) -> Path:
    """Where its rejected lines lie."""
    return raw / district / "_rejects" / f"{file_id}.parquet"


def temporary(target: Path) -> Path:
    """A name beside the target under which it is written first."""
    target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".{target.stem}.{uuid.uuid4().hex[:8]}.tmp")


def write_rows(con: duckdb.DuckDBPyConnection, select: str, columns: list[str], target: Path, read: FileRead) -> int:
    """Write the rows of a SELECT (`_file_id, _row, _scope` and the columns, masked) to the target; returns how many.

    Columns of which half the values are social security numbers are left out; single values become NULL. Both are
    noted in `read`, as is how many values each column has.
    """
    part = temporary(target)
    try:
        _copy(con, select, part)
        rows, filled, refused = _survey(con, part, columns)
        read.filled = filled
        if refused:
            again = temporary(target)
            _drop_refused(con, part, again, columns, refused, read)
            part.unlink()
            part = again
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return rows


def _copy(con: duckdb.DuckDBPyConnection, select: str, target: Path) -> None:
    con.execute(f"copy ({select}) to {text(str(target))} (format parquet, compression zstd)")


def _survey(
    con: duckdb.DuckDBPyConnection, path: Path, columns: list[str]
) -> tuple[int, dict[str, int], dict[str, int]]:
    """Rows, values of each column, and of those the refused ones where there are any; one pass over the file."""
    asked = "".join(f", count({ident(column)}), count(*) filter ({ident(column)} = $refused)" for column in columns)
    parameters = {"refused": REFUSED} if columns else {}
    ((rows, *counts),) = con.execute(
        f"select count(*){asked} from read_parquet({text(str(path))})", parameters
    ).fetchall()
    filled = dict(zip(columns, counts[::2], strict=True))
    refused = {column: n for column, n in zip(columns, counts[1::2], strict=True) if n}
    return rows, filled, refused


def _drop_refused(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    target: Path,
    columns: list[str],
    refused: dict[str, int],
    read: FileRead,
) -> None:
    replaced = []
    for column, n in refused.items():
        if n >= REFUSE_COLUMN_FROM * read.filled[column]:
            read.refused.append(column)
            del read.filled[column]
        else:
            read.refused_values[column] = n
            read.filled[column] -= n
            replaced.append(f"nullif({ident(column)}, {REFUSED_SQL}) as {ident(column)}")
    read.columns = [column for column in columns if column not in read.refused]
    replace = f" replace ({', '.join(replaced)})" if replaced else ""
    exclude = f" exclude ({', '.join(map(ident, read.refused))})" if set(read.refused) & set(columns) else ""
    _copy(con, f"select *{exclude}{replace} from read_parquet({text(str(path))})", target)


def write_rejects(rejects: list[Reject], file_id: str, target: Path) -> None:
    """Write rejected lines (`_file_id, _row, reason, raw_text`); without any, no file."""
    if not rejects:
        return
    table = pa.table(
        {
            "_file_id": pa.array([file_id] * len(rejects), pa.string()),
            "_row": pa.array([reject.line for reject in rejects], pa.int64()),
            "reason": pa.array([reject.reason for reject in rejects], pa.string()),
            "raw_text": pa.array([reject.raw for reject in rejects], pa.string()),
        }
    )
    part = temporary(target)
    pq.write_table(table, part, compression="zstd")
    part.replace(target)


def measure(con: duckdb.DuckDBPyConnection, contract: Contract, feed: Feed, path: Path, read: FileRead) -> None:
    """Count what the checks ask about the rows that were written; `write_rows` has counted values already."""
    source = f"read_parquet({text(str(path))})"
    columns = read.columns
    codes = {c.name: c.codes for c in feed.columns if c.codes is not None and c.name in columns}
    if codes:
        wanted = []
        for column, name in codes.items():
            known = ", ".join(text(row.code) for row in contract.codes[name]) or "''"
            wanted.append(f"count(*) filter ({ident(column)} not in ({known}))")
        ((*counts,),) = con.execute(f"select {', '.join(wanted)} from {source}").fetchall()
        read.unknown_codes = dict(zip(codes, counts, strict=True))
    scopes = con.execute(f"select _scope, count(*) from {source} group by all order by all").fetchall()
    read.scopes = dict(scopes)
    if feed.school in columns:
        per_school = f"select coalesce({ident(str(feed.school))}, ''), count(*) from {source} group by 1 order by 1"
        read.schools = dict(con.execute(per_school).fetchall())
    if feed.key and all(name in columns for name in feed.key):
        read.duplicate_keys = _duplicate_keys(con, source, feed)


def _duplicate_keys(con: duckdb.DuckDBPyConnection, source: str, feed: Feed) -> int:
    """Rows beyond the first of their key, rows that only delete left aside."""
    key = ", ".join(map(ident, feed.key))
    live = "true"
    if feed.delete_when is not None:
        gone = ", ".join(map(text, feed.delete_when.values))
        live = f"coalesce({ident(feed.delete_when.column)} not in ({gone}), true)"
    # Hashes first: far less memory; only where they collide are the keys themselves compared
    rough = f"select count(*) - count(distinct hash({key})) from {source} where {live}"
    ((duplicates,),) = con.execute(rough).fetchall()
    if not duplicates:
        return 0
    exact = f"select coalesce(sum(n - 1), 0)::bigint from (select count(*) n from {source} where {live} group by {key})"
    ((duplicates,),) = con.execute(exact).fetchall()
    return int(duplicates)
