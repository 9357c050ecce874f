"""Which code this is: a hash over the files that can change what is published. No git is needed to know it.

Where there is git, its commit stands beside the hash, so that a person can get that code back.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from pipelines.settings import PROJECT

ROOMS = ("pipelines", "dbt_project", "expectations")
LOCK = "requirements.lock"
WRITTEN_BY_TOOLS = {"__pycache__", "target", "logs", "dbt_packages", ".user.yml"}


def code_version(project: Path = PROJECT) -> str:
    """First 16 hex digits of the hash over names and bytes of the three rooms and the lock."""
    return tree_hash(project, [*ROOMS, LOCK])[:16]


def commit(project: Path = PROJECT) -> str:
    """The commit that is checked out, with a `+` where the files behind code_version differ from it; "" without git."""
    git = shutil.which("git")
    if git is None or not (project / ".git").exists():
        return ""

    def ask(*arguments: str) -> str:
        done = subprocess.run([git, "-C", str(project), *arguments], capture_output=True, text=True, check=False)
        return done.stdout.strip()

    head = ask("rev-parse", "HEAD")
    return head + ("+" if head and ask("status", "--porcelain", "--", *ROOMS, LOCK) else "")


def tree_hash(root: Path, names: list[str]) -> str:
    """SHA-256 over names and bytes of files and folders in `root`, in a fixed order; what tools write is left out."""
    digest = hashlib.sha256()
    for name in names:
        top = root / name
        for path in sorted([top, *top.rglob("*")] if top.is_dir() else [top]):
            if path.is_file() and not WRITTEN_BY_TOOLS & set(path.relative_to(root).parts):
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
