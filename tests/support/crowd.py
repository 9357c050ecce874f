"""Reader processes in a loop, beside which a test changes what they read; ended by a condition."""

from __future__ import annotations

import multiprocessing
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.support.reader import Lap

PATIENCE_S = 240


class Crowd:
    """Readers at work; `laps` is all that they reported so far."""

    def __init__(self, loop: Callable[..., None], readers: int, *arguments: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop, self._queue = context.Event(), context.Queue()
        self.laps: list[Lap] = []
        self.processes = [
            context.Process(target=loop, args=(self._stop, self._queue, number, *arguments))
            for number in range(readers)
        ]

    def wait_until_all_saw(self, release_id: str) -> None:
        """Until each reader has read this release; fails at once if one of them broke off."""
        waiting = set(range(len(self.processes)))
        waiting -= {lap.reader for lap in self.laps if lap.release_id == release_id}
        deadline = time.monotonic() + PATIENCE_S
        while waiting:
            self.all_alive()
            assert time.monotonic() < deadline, f"readers {sorted(waiting)} never saw {release_id}"
            try:
                lap = self._queue.get(timeout=1)
            except queue.Empty:
                continue
            self.laps.append(lap)
            if lap.release_id == release_id:
                waiting.discard(lap.reader)

    def all_alive(self) -> None:
        """No reader has met an error (its stack of calls is on stderr)."""
        broken = [number for number, process in enumerate(self.processes) if process.exitcode not in (None, 0)]
        assert not broken, f"readers {broken} broke off"

    def end(self) -> list[Lap]:
        """Stop all; returns every lap. Each must have ended by itself and without an error."""
        self._stop.set()
        while any(process.is_alive() for process in self.processes) or not self._queue.empty():
            # a process ends only after what it reported was taken
            try:
                self.laps.append(self._queue.get(timeout=0.1))
            except queue.Empty:
                continue
        assert [process.exitcode for process in self.processes] == [0] * len(self.processes)
        return self.laps

    def kill(self) -> None:
        """Whatever happened in the test, no process stays."""
        for process in self.processes:
            if process.is_alive():
                process.kill()
            process.join()


@contextmanager
def crowd(loop: Callable[..., None], readers: int, *arguments: Any) -> Iterator[Crowd]:
    """`readers` processes that run `loop(stop, laps, number, *arguments)`."""
    gathered = Crowd(loop, readers, *arguments)
    try:
        for process in gathered.processes:
            process.start()
        yield gathered
    finally:
        gathered.kill()
