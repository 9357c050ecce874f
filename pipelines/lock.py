"""One run at a time in a home: a lock that the operating system drops when its process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import CannotRunError

_held: set[Path] = set()


class HomeBusyError(CannotRunError):
    """Another process works on this home."""


@contextmanager
def home_lock(home: Path) -> Iterator[None]:
    """Hold `<home>/run.lock`; within one process it may be asked for again (the command, then the job).

    Raises:
        HomeBusyError: another process holds it; says which.
    """
    path = home.resolve() / "run.lock"
    if path in _held:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise HomeBusyError(
                f"another run works on {home} (process {file.read().strip() or 'unknown'}); wait until it ends"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        _held.add(path)
        try:
            yield
        finally:
            _held.discard(path)
