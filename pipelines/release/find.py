"""Which release a person means: by its id, the beginning of it, or the word `current`."""

from __future__ import annotations

from pathlib import Path

from pipelines.errors import CannotRunError, WrongAskError
from pipelines.release.current import current_release
from pipelines.release.manifest import Manifest, read_manifest

SHOWN = 6


class DamagedError(CannotRunError):
    """A release is not what its manifest says, or cannot be read."""


def find_release(published: Path, asked: str) -> Path:
    """The folder of the one release whose id is or begins with `asked`.

    Raises WrongAskError if none does, or more than one.
    """
    if asked == "current":
        current = current_release(published)
        if current is None:
            raise WrongAskError("there is no current release; start with: core run")
        return current
    folder = published / "releases"
    names = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    found = [asked] if asked in names else [name for name in names if asked and name.startswith(asked)]
    if len(found) == 1:
        return folder / found[0]
    some = ", ".join((found or names)[-SHOWN:]) or "none"
    if found:
        raise WrongAskError(f"{asked!r} is the beginning of {len(found)} releases; say more: {some}")
    raise WrongAskError(f"no release {asked!r}; the latest are {some} (all: core releases)")


def read_release(folder: Path) -> Manifest:
    """The manifest of a release that must be readable and its own. Raises DamagedError."""
    try:
        manifest = read_manifest(folder)
    except (OSError, ValueError) as error:
        raise DamagedError(
            f"{folder.name}: its manifest cannot be read; take the folder from a backup, or choose another release "
            "(core releases)"
        ) from error
    if manifest.release_id != folder.name:
        raise DamagedError(f"{folder.name}: its manifest is that of {manifest.release_id}; take it from a backup")
    return manifest
