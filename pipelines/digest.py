"""SHA-256 of a file, for all who compare bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

BLOCK = 1 << 20


def file_sha256(path: Path) -> str:
    """In hex; read in blocks, outside Python's lock."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
