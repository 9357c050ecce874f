"""Deliveries in a landing: found, ordered, listed with the hash and size of each file (architecture.md, section 3).

Reads bytes only to hash them, once per (path, size, time of change); knows no contract and no content. Imports no
engine, for a night without news must cost nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

from pipelines.landing.container import ContainerProblem, Entry, blocks, folder_entries, open_entry, zip_entries

NAME = re.compile(r"^(\d{4}-\d{2}-\d{2})(-[A-Za-z0-9._-]+)?$")
SYNTHETIC = "SYNTHETIC.txt"


class HashCache(Protocol):
    """Remembers what was found in a file of that size and time of change."""

    def get(self, path: str, size: int, mtime_ns: int) -> str | None:
        """What was put, or None."""

    def put(self, path: str, size: int, mtime_ns: int, value: str) -> None:
        """Remember."""


class NoCache:
    """Remembers nothing (for a dry run)."""

    def get(self, path: str, size: int, mtime_ns: int) -> str | None:
        """None, always."""
        return None

    def put(self, path: str, size: int, mtime_ns: int, value: str) -> None:
        """Forget."""


@dataclass(frozen=True)
class Delivery:
    """A folder or zip under a district's name; `date` is None where the name does not begin with one."""

    district: str
    name: str
    date: dt.date | None
    path: Path
    is_zip: bool

    @property
    def order(self) -> tuple[dt.date, str, str]:
        """Deliveries take effect in this order."""
        return (self.date or dt.date.max, self.name, self.path.name)


@dataclass(frozen=True)
class Member:
    """A file of a delivery and the hash of its bytes (a .gz as it lies there)."""

    entry: Entry
    sha256: str


@dataclass
class Listing:
    """What a delivery holds; `problem` says why it cannot be opened, and then there are no members."""

    members: list[Member] = field(default_factory=list)
    problem: str | None = None
    container_sha256: str = ""

    @property
    def digest(self) -> str:
        """Hash of names and bytes: two deliveries with the same digest are the same."""
        parts = sorted((member.entry.name, member.sha256) for member in self.members)
        return hashlib.sha256(json.dumps([parts, self.problem, self.container_sha256]).encode()).hexdigest()

    @property
    def is_synthetic(self) -> bool:
        """Whether the delivery says that it is synthetic."""
        return any(Path(member.entry.name).name == SYNTHETIC for member in self.members)


def parse_name(name: str) -> dt.date | None:
    """The date with which a delivery's name begins, or None if it does not or is no day."""
    found = NAME.match(name)
    if found is None:
        return None
    try:
        return dt.date.fromisoformat(found.group(1))
    except ValueError:
        return None


def district_folders(landing: Path) -> list[str]:
    """Names of the districts' folders in a landing (names that begin with `_` or `.` are none)."""
    if not landing.is_dir():
        return []
    return sorted(path.name for path in landing.iterdir() if path.name[0] not in "_." and path.is_dir())


def uncontracted(landing: Path, districts: Iterable[str]) -> list[str]:
    """Folders of a landing for which there is no contract: to be reported, never read."""
    known = set(districts)
    return [name for name in district_folders(landing) if name not in known]


def find_deliveries(landing: Path, district: str) -> list[Delivery]:
    """All deliveries of a district in the order of their dates; those without a date last."""
    folder = landing / district
    found = []
    if folder.is_dir():
        for path in folder.iterdir():
            is_zip = path.suffix.lower() == ".zip" and path.is_file()
            if path.name[0] not in "_." and (is_zip or path.is_dir()):
                name = path.name[:-4] if is_zip else path.name
                found.append(Delivery(district, name, parse_name(name), path, is_zip))
    return sorted(found, key=lambda delivery: delivery.order)


def list_delivery(delivery: Delivery, cache: HashCache) -> Listing:
    """The files of a delivery with their hashes; what cannot be opened has a problem and no files."""
    return _list_zip(delivery, cache) if delivery.is_zip else _list_folder(delivery, cache)


def _list_folder(delivery: Delivery, cache: HashCache) -> Listing:
    try:
        entries = folder_entries(delivery.path)
    except ContainerProblem as error:
        return Listing(problem=str(error))
    members = []
    for entry in entries:
        path = str((delivery.path / entry.inner).absolute())
        sha256 = cache.get(path, entry.size, entry.mtime_ns)
        if sha256 is None:
            sha256 = _hash(delivery, entry)
            cache.put(path, entry.size, entry.mtime_ns, sha256)
        members.append(Member(entry, sha256))
    return Listing(members)


def _list_zip(delivery: Delivery, cache: HashCache) -> Listing:
    stat = delivery.path.stat()
    path = str(delivery.path.absolute())
    kept = cache.get(path, stat.st_size, stat.st_mtime_ns)
    if kept is not None:
        data = json.loads(kept)
        members = [Member(Entry(**member["entry"]), member["sha256"]) for member in data["members"]]
        return Listing(members, data["problem"], data["container_sha256"])
    try:
        listing = Listing([Member(entry, _hash(delivery, entry)) for entry in zip_entries(delivery.path)])
    except ContainerProblem as error:
        # The bytes of the zip stand for it, so that a repaired one is seen to be another
        listing = Listing(problem=str(error), container_sha256=_hash_file(delivery.path))
    cache.put(path, stat.st_size, stat.st_mtime_ns, json.dumps(asdict(listing)))
    return listing


def _hash(delivery: Delivery, entry: Entry) -> str:
    digest = hashlib.sha256()
    with open_entry(delivery.path, delivery.is_zip, entry, gunzip=False) as stream:
        for block in blocks(stream):
            digest.update(block)
    return digest.hexdigest()


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in blocks(stream):
            digest.update(block)
    return digest.hexdigest()


def landing_state(landing: Path, districts: Iterable[str], as_of: dt.date, cache: HashCache) -> str:
    """Hash over all deliveries dated on or before as-of (those without a date too): the same hash means no news."""
    digest = hashlib.sha256()
    for district in sorted(districts):
        for delivery in find_deliveries(landing, district):
            if delivery.date is None or delivery.date <= as_of:
                parts = (district, delivery.path.name, list_delivery(delivery, cache).digest)
                digest.update("\0".join(parts).encode() + b"\n")
    return digest.hexdigest()
