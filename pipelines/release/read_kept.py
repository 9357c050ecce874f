"""Releases that stand in a home, as the privacy audit asks for them."""

from __future__ import annotations

from pathlib import Path

from pipelines.privacy.kept import KeptRelease
from pipelines.release.find import read_release


def kept_releases(published: Path) -> list[KeptRelease]:
    """All of them, the oldest first. Raises DamagedError if a manifest cannot be read."""
    folder = published / "releases"
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        manifest = read_release(path)
        known = {
            (each.district, each.window_code, each.school_year, each.known_on.isoformat())
            for each in manifest.basis.restatements
        }
        found.append(KeptRelease(path.name, path / "public" / "core.duckdb", frozenset(known)))
    return found
