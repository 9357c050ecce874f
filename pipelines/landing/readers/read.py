"""Readers: a file of a delivery becomes raw Parquet, exactly as the contract says, or one reason why it cannot."""

from __future__ import annotations

import hashlib
import re
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pipelines.digest import file_sha256
from pipelines.landing.container import ContainerProblem, Entry, blocks, open_entry
from pipelines.landing.contract import Contract, Feed
from pipelines.landing.readers.base import FileRead, Unreadable
from pipelines.landing.readers.delimited import read_delimited
from pipelines.landing.readers.edfi_xml import read_edfi_xml
from pipelines.landing.readers.jsonl import read_jsonl
from pipelines.landing.readers.probe import ANY_BYTES, Probe, probe
from pipelines.landing.readers.rawfile import measure, raw_path, reject_path, temporary, write_rejects

if TYPE_CHECKING:
    import duckdb

__all__ = ["EntrySource", "FileRead", "Unreadable", "file_id_of", "path_scope", "read_file"]


@dataclass
class EntrySource:
    """A file of a delivery; `plain` is a path at which its unpacked bytes lie, if there is one."""

    container: Path
    is_zip: bool
    entry: Entry
    plain: Path | None = None

    @property
    def name(self) -> str:
        """Path inside the delivery."""
        return self.entry.name

    @property
    def is_packed(self) -> bool:
        """Whether the bytes must be unpacked (zip or gz)."""
        return self.is_zip or self.entry.name.lower().endswith(".gz")

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """A stream over the unpacked bytes."""
        return self.plain.open("rb") if self.plain is not None else open_entry(self.container, self.is_zip, self.entry)


def path_scope(feed: Feed, name: str) -> str:
    """The part of the path that is the scope of a file; empty where the scope is a column or the whole feed.

    Raises Unreadable if the contract expects one and the path has none.
    """
    if feed.scope is None or feed.scope.path is None:
        return ""
    found = re.search(feed.scope.path, name)
    if found is None or found.group(1) is None:
        raise Unreadable(f"the path does not say what the file replaces (expected {feed.scope.path})")
    return found.group(1)


def file_id_of(district: str, feed: str, sha256: str, scope: str) -> str:
    """Name of a file's content in raw: the same bytes of the same feed and scope have the same id wherever they lie."""
    return hashlib.sha256("\0".join((district, feed, sha256, scope)).encode()).hexdigest()[:24]


def read_file(
    con: duckdb.DuckDBPyConnection, contract: Contract, feed: Feed, source: EntrySource, raw: Path, known: set[str]
) -> FileRead:
    """Read one file into `raw` (architecture.md, section 3), unless its id is in `known`, and measure it.

    Rejected lines go to the reject file. Raises Unreadable (the file as a whole cannot be read as the contract says;
    nothing is written) with one reason.
    """
    import duckdb

    scope = path_scope(feed, source.name)
    scratch = temporary(raw / contract.district / feed.feed / "unpacked")
    try:
        found = _probe(feed, source, scratch)
        read = FileRead(
            file_id=file_id_of(contract.district, feed.feed, found.sha256, scope),
            sha256=found.sha256,
            size=found.size,
            has_bom=found.has_bom,
            line_end=found.line_end,
        )
        if read.file_id in known:
            return read
        target = raw_path(raw, contract.district, feed.feed, read.file_id)
        if feed.format == "delimited":
            rejects = read_delimited(con, feed, source, found, read, scope, target)
        elif feed.format == "jsonl":
            rejects = read_jsonl(con, feed, source, found, read, scope, target)
        else:
            rejects = read_edfi_xml(con, feed, source, read, scope, target)
        read.count_rejects(rejects)
        write_rejects(rejects, read.file_id, reject_path(raw, contract.district, read.file_id))
        measure(con, contract, feed, target, read)
        read.raw_sha256, read.raw_size = file_sha256(target), target.stat().st_size
        if feed.format != "delimited" and read.account.records:
            # Such records leave out what is empty: only a key, or what is marked as required, can be missing
            demanded = [c.name for c in feed.columns if c.name in feed.key or "required" in c.model_fields_set]
            read.missing = [name for name in demanded if read.filled.get(name) == 0 and feed.column(name).required]
        if not read.scopes and (feed.scope is None or feed.scope.path is not None):
            # No row, and yet it replaces what was there
            read.scopes = {scope: 0}
        return read
    except ContainerProblem as error:
        raise Unreadable(str(error)) from error
    except duckdb.Error as error:
        # Not chained: the engine's words quote the line, and a line is a student's
        raise Unreadable(f"the engine cannot take its rows ({type(error).__name__})") from None
    finally:
        scratch.unlink(missing_ok=True)
        if source.plain == scratch:
            source.plain = None


def _probe(feed: Feed, source: EntrySource, scratch: Path) -> Probe:
    """Hash and inspect a file; what is packed is unpacked to `scratch` on the way, so that it is unpacked once."""
    delimiter = feed.delimiter.encode()
    quote = feed.quote.encode() if feed.quote is not None else None
    encoding = feed.encoding if feed.format != "edfi_xml" else ANY_BYTES
    packed = source.is_packed
    with source.open() as stream, scratch.open("wb") if packed else nullcontext() as copy:
        found = probe(blocks(stream), encoding, delimiter, quote, copy)
    source.plain = scratch if packed else source.container / source.entry.inner
    return found
