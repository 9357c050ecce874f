"""Bytes on disk: rows to delimited text or JSON lines by DuckDB COPY, then line ends, encoding and gzip in blocks."""

from __future__ import annotations

import codecs
import gzip
import shutil
import zipfile
from pathlib import Path
from typing import Literal

import duckdb

BLOCK = 1 << 20
NEVER = "\x01"  # a quote character that no text holds: nothing is quoted
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def copy_rows(
    con: duckdb.DuckDBPyConnection,
    query: str,
    path: Path,
    *,
    delimiter: str = ",",
    header: bool = True,
    quote: str | None = '"',
    encoding: str = "utf-8",
    bom: bool = False,
    newline: Literal["\n", "\r\n"] = "\n",
    append: bool = False,
) -> None:
    """Write the rows of `query` (which must be ordered) as delimited text; NULL becomes an empty field, '' is `""`.

    `quote` None: text is never quoted, so the query must not yield the delimiter, a quote or a line end.
    `append` adds to an existing file (for a line that no query can give, written before or after).
    """
    plain = path.with_name(path.name + ".part")
    mark = quote or NEVER
    con.execute(
        f"copy ({query}) to '{_sql(plain)}'"
        f" (format csv, delimiter '{delimiter}', header {str(header).lower()}, quote '{mark}', escape '{mark}',"
        " comment '')"  # or else a text with a # in it would be quoted
    )
    _finish(plain, path, encoding, bom, newline, append)


def copy_json_lines(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write one JSON object a line from an ordered query of one VARCHAR column of JSON text; gzip for names in .gz."""
    plain = path.with_name(path.name + ".part")
    con.execute(
        f"copy ({query}) to '{_sql(plain)}' "
        "(format csv, delimiter '\x02', header false, quote '\x01', escape '\x01', comment '')"
    )
    if path.suffix == ".gz":
        gzip_file(plain, path)
        plain.unlink()
    else:
        plain.replace(path)


def gzip_file(source: Path, target: Path) -> None:
    """Gzip `source` to `target`, with no name and no time in it, so that the same text gives the same bytes."""
    with source.open("rb") as lines, target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        shutil.copyfileobj(lines, packed, BLOCK)


def zip_folder(folder: Path, target: Path) -> None:
    """Zip a folder's files in the order of their names with a fixed time: the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed, BLOCK)


def _finish(plain: Path, path: Path, encoding: str, bom: bool, newline: str, append: bool) -> None:
    """Turn DuckDB's UTF-8 with LF into what the district sends. A character that cp1252 lacks becomes '?'."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with plain.open("rb") as source, path.open("ab" if append else "wb") as target:
        if bom and not append:
            target.write(codecs.BOM_UTF8)
        while block := source.read(BLOCK):
            if newline != "\n":
                block = block.replace(b"\n", newline.encode())
            if encoding != "utf-8":
                block = decoder.decode(block).encode(encoding, errors="replace")
            target.write(block)
    plain.unlink()


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")
