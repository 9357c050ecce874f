"""The secret behind student_key: made once, never silently again; looked after by its fingerprint in the ledger.

Losing it loses the link between student_key of one release and the next. So a key that is gone or is another than the
recorded one stops a run until a person has restored it, or has recorded a rotation.
"""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

from pipelines.errors import CannotRunError
from pipelines.landing.ledger import Ledger
from pipelines.lock import home_lock
from pipelines.news import key_fingerprint, last_published
from pipelines.settings import Settings

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
CONSEQUENCE = (
    "every student_key of the next release is another: who has joined by it must join again within one release; "
    "releases made before keep their keys and their fingerprint"
)


class KeyLostError(CannotRunError):
    """The key is gone, or is not the one that was recorded."""


def ensure_key(settings: Settings) -> str:
    """The secret; made on first use, readable by its owner alone.

    Raises KeyLostError if the home has used a key before and does not have it now.
    """
    path, mine = settings.key_path, key_fingerprint(settings.key_path)
    with Ledger(settings.ledger_path) as ledger:
        known = _recorded(ledger)
        if known and mine != known and (not mine or _has_releases(settings)):
            raise KeyLostError(_lost(path, known, mine))
        if not mine:
            if _has_releases(settings):
                raise KeyLostError(_lost(path, "in the manifests of the releases", mine))
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, secrets.token_hex(32))
            ledger.add_key(key_fingerprint(path), "made", "first use")
        elif mine != known:
            ledger.add_key(mine, "found", "put there before the first release")
    return path.read_text(encoding="ascii").strip()


def rotate(settings: Settings, reason: str, keep_old: bool) -> list[str]:
    """A new key from the next run on, recorded with its reason; returns what to say.

    `keep_old` keeps the old one (0600) in <home>/keys, so that releases made with it can be verified in full.

    Raises HomeBusyError if a run works on the home.
    """
    with home_lock(settings.home), Ledger(settings.ledger_path) as ledger:
        old = key_fingerprint(settings.key_path)
        lines = []
        if old and keep_old:
            kept = kept_key(settings, old)
            kept.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            _write(kept, settings.key_path.read_text(encoding="ascii").strip())
            lines.append(f"the old key is kept in {kept}")
        elif old:
            lines.append("the old key is not kept: core verify compares its releases without student_key")
        # killed after this line, the key is not the recorded one, and the next run asks for this command again
        _write(settings.key_path, secrets.token_hex(32))
        new = key_fingerprint(settings.key_path)
        ledger.add_key(new, "rotated", reason)
    return [f"key rotated: {old or 'none'} -> {new}", *lines, CONSEQUENCE, "next: core run; back up the new key"]


def kept_key(settings: Settings, fingerprint: str) -> Path:
    """Where an old key lies, if it was kept."""
    return settings.home / "keys" / fingerprint


def key_with(settings: Settings, fingerprint: str) -> Path:
    """The key of that fingerprint, in use or kept; else the one in use."""
    kept = kept_key(settings, fingerprint)
    return kept if key_fingerprint(kept) == fingerprint else settings.key_path


def has_key(settings: Settings, fingerprint: str) -> bool:
    """Whether the key of that fingerprint is there."""
    return key_fingerprint(key_with(settings, fingerprint)) == fingerprint


def _recorded(ledger: Ledger) -> str:
    """The fingerprint on record; a home of earlier code has it in the last published run."""
    if keys := ledger.key_history():
        return keys[-1].fingerprint
    last = last_published(ledger)
    return str(json.loads(last.fingerprint).get("key", "")) if last else ""


def _has_releases(settings: Settings) -> bool:
    folder = settings.published / "releases"
    return folder.is_dir() and any(folder.iterdir())


def _lost(path: Path, known: str, mine: str) -> str:
    what = f"is not the recorded one: its fingerprint is {mine}" if mine else "is gone"
    return (
        f"the key {path} {what} (recorded: {known}). Restore it from a backup (docs/operations.md); only if there is "
        "none: core key rotate --reason TEXT, after which every student_key is another"
    )


def _write(path: Path, secret: str) -> None:
    """Beside it and into place, so that there is never half a key; private from its first byte."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "w", encoding="ascii") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
