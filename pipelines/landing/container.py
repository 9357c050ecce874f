"""Folders, zips and gz: the members of a delivery as streams of bytes, with guards against what is no delivery.

Unpacks nothing to disk and looks at no content.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

# An honest extract shrinks 5 to 100 times; deflate can reach 1032. Small members are let through at any ratio.
MAX_RATIO = 400
RATIO_FROM_BYTES = 200_000_000
BLOCK = 1 << 20
NOISE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


class ContainerProblem(Exception):
    """A delivery that cannot be opened as one; the text says why and what to do."""


@dataclass(frozen=True)
class Entry:
    """A file inside a delivery: its path there, and the path under which the container has it."""

    name: str
    inner: str
    size: int
    packed: int
    mtime_ns: int


def is_noise(name: str) -> bool:
    """Files that operating systems leave behind."""
    return name.startswith(NOISE[0]) or PurePosixPath(name).name in NOISE or PurePosixPath(name).name.startswith("._")


def folder_entries(folder: Path) -> list[Entry]:
    """All files below a folder, by name. Raises ContainerProblem for a link that leads out of it."""
    entries = []
    root = folder.resolve()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and not path.resolve().is_relative_to(root):
            raise ContainerProblem(
                f"{path.relative_to(folder)} is a link that leads out of the delivery: send the file"
            )
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not is_noise(name):
            stat = path.stat()
            entries.append(Entry(name, name, stat.st_size, stat.st_size, stat.st_mtime_ns))
    return entries


def zip_entries(path: Path) -> list[Entry]:
    """All files of a zip, by name.

    A zip inside is a file like others: an unexpected one unless the contract ignores it.
    Raises ContainerProblem: corrupt, encrypted, absolute path or `..`, the same name twice, a bomb.
    """
    mtime_ns = path.stat().st_mtime_ns
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir() and not is_noise(info.filename)]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise ContainerProblem(f"the zip cannot be opened ({error}): send it again") from error
    seen: set[str] = set()
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
            raise ContainerProblem(f"the zip holds a path that leads out of it ({info.filename!r}): pack plain names")
        if info.flag_bits & 0x1:
            raise ContainerProblem(f"{info.filename} is encrypted: send the zip without a password")
        if parts.as_posix().lower() in seen:
            raise ContainerProblem(f"the zip holds {info.filename} twice: pack it once")
        if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
            raise ContainerProblem(
                f"{info.filename} would unpack to {info.file_size:,} bytes, over {MAX_RATIO} times its packed size"
            )
        seen.add(parts.as_posix().lower())
    entries = [
        Entry(info.filename.replace("\\", "/"), info.filename, info.file_size, info.compress_size, mtime_ns)
        for info in infos
    ]
    return sorted(entries, key=lambda entry: entry.name)


def top_folder(entries: list[Entry]) -> str | None:
    """The one folder in which all files lie, if there is one."""
    tops = {entry.name.partition("/")[0] for entry in entries}
    return tops.pop() if len(tops) == 1 and all("/" in entry.name for entry in entries) else None


class _Guarded(io.RawIOBase):
    """An unpacking stream that stops at a bomb: over MAX_RATIO times the packed bytes."""

    def __init__(self, stream: BinaryIO, packed: int, name: str) -> None:
        self._stream = stream
        self._limit = max(RATIO_FROM_BYTES, MAX_RATIO * packed)
        self._given = 0
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        data = self._stream.read(len(view))
        self._given += len(data)
        if self._given > self._limit:
            raise ContainerProblem(f"{self._name} unpacks to over {MAX_RATIO} times its packed size: not read on")
        view[: len(data)] = data
        return len(data)


@contextmanager
def open_entry(container: Path, is_zip: bool, entry: Entry, gunzip: bool = True) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked from zip and (unless `gunzip` is false) gz, as a stream.

    Raises ContainerProblem while reading when the packed bytes are damaged or cut off.
    """
    with ExitStack() as stack:
        try:
            if is_zip:
                archive = stack.enter_context(zipfile.ZipFile(container))
                stream = cast(BinaryIO, stack.enter_context(archive.open(entry.inner)))
            else:
                stream = cast(BinaryIO, stack.enter_context((container / entry.inner).open("rb")))
            if gunzip and entry.name.lower().endswith(".gz"):
                unzipped = stack.enter_context(gzip.GzipFile(fileobj=stream, mode="rb"))
                stream = cast(BinaryIO, _Guarded(cast(BinaryIO, unzipped), entry.packed, entry.name))
            yield stream
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise ContainerProblem(f"{entry.name} is damaged or cut off ({error}): send it again") from error


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream in blocks of 1 MB."""
    while block := stream.read(BLOCK):
        yield block
