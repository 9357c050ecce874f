"""The link `current`: where it points, and how it is moved. Imports no engine."""

from __future__ import annotations

from pathlib import Path


def current_release(published: Path) -> Path | None:
    """Folder of the current release, or None if nothing was published yet."""
    link = published / "current"
    return link.resolve() if link.is_symlink() and link.exists() else None


def make_current(published: Path, release_id: str) -> None:
    """Point `current` at a release: a relative link, swapped in one step."""
    fresh = published / ".current"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(Path("releases") / release_id)
    fresh.replace(published / "current")
