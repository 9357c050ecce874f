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


OVERHEAD, DBT_START = "dagster and imports", "dbt start"


class Clock:
    """From its making on: what a run took beside its measured phases."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), _cpu()

    def rest(self, phases: list[Phase]) -> Phase:
        """Imports, Dagster's own work and its records: everything that is in none of `phases`."""
        return Phase(
            OVERHEAD,
            time.monotonic() - self._wall - sum(phase.seconds for phase in phases),
            _cpu() - self._cpu - sum(phase.cpu_seconds for phase in phases),
            _peak_mb(),
        )


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


def split(phase: Phase, start: str, seconds: float | None) -> list[Phase]:
    """A phase as its start and the `seconds` of its work; as it is where they are not known.

    The start of a process keeps one processor busy: its seconds are processor seconds.
    """
    if seconds is None or seconds > phase.seconds:
        return [phase]
    before = min(phase.seconds - seconds, phase.cpu_seconds)
    return [
        Phase(start, before, before, 0.0),
        Phase(phase.name, phase.seconds - before, phase.cpu_seconds - before, phase.peak_mb),
    ]


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
