"""How long a step took and how much memory it needed at its peak: for the end of a run and for bench/."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

KILOBYTE, MEGABYTE = 1024, 1024 * 1024
PROC = Path("/proc/self")


@dataclass(frozen=True)
class Phase:
    """A step of a run: wall and processor seconds, and peak memory in MB of this process or of a child, if larger."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


@contextmanager
def measured(name: str, into: list[Phase]) -> Iterator[None]:
    """Measure the body and append a Phase to `into`, whether it succeeds or not."""
    _forget_peak()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    wall, cpu = time.monotonic(), _cpu()
    try:
        yield
    finally:
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        peak = max(_peak_mb(), child * KILOBYTE / MEGABYTE if child > children else 0)
        into.append(Phase(name, time.monotonic() - wall, _cpu() - cpu, peak))


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _forget_peak() -> None:
    # Linux starts the peak anew; elsewhere it stays that of the whole process so far
    with suppress(OSError):
        (PROC / "clear_refs").write_text("5")


def _peak_mb() -> float:
    with suppress(OSError, StopIteration, ValueError):
        lines = (PROC / "status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * KILOBYTE / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE / MEGABYTE
