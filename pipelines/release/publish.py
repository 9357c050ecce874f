"""From a checked warehouse to a release: written beside, read back, renamed into place, and `current` moved last.

Nothing here decides what is in a table; it copies, counts and hashes. A release is never changed after it is written.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.release.candidate import Candidate
from pipelines.release.current import current_release, make_current
from pipelines.release.integrity import file_differences
from pipelines.release.manifest import Manifest, files_of, read_manifest
from pipelines.release.site.pages import Page, write_pages
from pipelines.release.tiers import ReleaseError, Tier, read_tables, write_tiers

OPEN_TIERS = ("public", "partner")
PRIVATE_UMASK = 0o077
RELEASE_ID = "%Y%m%dT%H%M%S.%fZ"
OPEN_DIRECTORY, OPEN_FILE = 0o755, 0o644


def publish(con: duckdb.DuckDBPyConnection, published: Path, candidate: Candidate, keep: int) -> Manifest:
    """Write a release from schemas restricted, partner and public, and make it current.

    Args:
        con: open on the warehouse.
        published: folder of `current` and `releases/`.
        keep: how many releases stay (at least one); the current one always does.

    Raises:
        ReleaseError: what was read back is not what was meant; `current` stays where it was.
    """
    if any(check.status != "passed" and check.severity == "error" for check in candidate.checks):
        raise ReleaseError("a blocking check has failed: nothing is published")
    releases = published / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    created = moment_after(dt.datetime.now(dt.UTC), [path.name for path in releases.iterdir()])
    release_id = created.strftime(RELEASE_ID)
    building = published / ".building"
    shutil.rmtree(building, ignore_errors=True)
    with _umask(PRIVATE_UMASK):
        folder = building / release_id
        folder.mkdir(parents=True)
        manifest = _write(con, folder, release_id, created, candidate)
    # the release appears whole, or not at all
    folder.rename(releases / release_id)
    building.rmdir()
    make_current(published, release_id)
    remove_old(published, keep)
    return manifest


def moment_after(now: dt.datetime, taken: list[str]) -> dt.datetime:
    """`now`, or the moment after the last of the release ids `taken` where the clock went back: ids sort by time."""
    if not taken:
        return now
    last = dt.datetime.strptime(max(taken), RELEASE_ID).replace(tzinfo=dt.UTC)
    return max(now, last + dt.timedelta(microseconds=1))


def remove_old(published: Path, keep: int) -> None:
    """Remove releases beyond the newest `keep`; never the current one."""
    current = current_release(published)
    folders = sorted(path for path in (published / "releases").iterdir() if path.is_dir())
    for folder in folders[: -max(keep, 1)]:
        if folder.resolve() != current:
            shutil.rmtree(folder)


def verify_written(published: Path, manifest: Manifest) -> None:
    """What `current` points at is this release and holds what its manifest says. Raises ReleaseError."""
    current = current_release(published)
    if current is None or current.name != manifest.release_id:
        raise ReleaseError("the run ended without its release being current")
    if read_manifest(current) != manifest:
        raise ReleaseError(f"{manifest.release_id}: the manifest on disk is not the one that was written")
    if differing := file_differences(current, manifest):
        raise ReleaseError(f"{manifest.release_id}: {differing[0]}")


def _write(
    con: duckdb.DuckDBPyConnection, folder: Path, release_id: str, created: dt.datetime, candidate: Candidate
) -> Manifest:
    tiers = [
        *(Tier(name, name) for name in OPEN_TIERS),
        *(Tier(f"restricted/{name}", "restricted", name) for name in sorted(candidate.restricted)),
    ]
    sources = {schema: read_tables(con, schema) for schema in (*OPEN_TIERS, "restricted")}
    if not all(sources.values()):
        raise ReleaseError(
            "the warehouse lacks a tier: " + ", ".join(name for name, found in sources.items() if not found)
        )
    tables = write_tiers(con, tiers, sources, folder)
    write_pages(con, folder, Page(release_id=release_id, candidate=candidate, tables=tables, sources=sources))
    _open_up(folder)
    manifest = Manifest(
        release_id=release_id,
        created_at=created.isoformat(),
        as_of=candidate.as_of,
        rule_set=candidate.rule_set,
        code_version=candidate.code_version,
        key_fingerprint=candidate.key_fingerprint,
        is_synthetic=candidate.is_synthetic,
        inputs=candidate.inputs,
        files=files_of(folder),
        tables=tables,
        checks=candidate.checks,
        districts=candidate.districts,
        privacy=candidate.privacy,
        basis=candidate.basis,
    )
    manifest.write(folder / "manifest.json")
    (folder / "manifest.json").chmod(OPEN_FILE)
    return manifest


def _open_up(folder: Path) -> None:
    """Everything was written for the owner alone; what is not restricted is opened afterwards, never the other way."""
    folder.chmod(OPEN_DIRECTORY)
    restricted = folder / "restricted"
    for path in sorted(folder.rglob("*")):
        if path != restricted and restricted not in path.parents:
            path.chmod(OPEN_DIRECTORY if path.is_dir() else OPEN_FILE)


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)
