"""Time and peak memory belong to the step that needed them."""

from __future__ import annotations

import time

from pipelines.phases import Phase, measured


def test_memory_of_one_step_is_not_counted_for_the_next() -> None:
    found: list[Phase] = []
    with measured("large", found):
        block = bytearray(b"x" * 200_000_000)
        del block
    with measured("small", found):
        time.sleep(0.02)
    large, small = found
    assert large.peak_mb > small.peak_mb + 150
    assert 0.02 <= small.seconds < 5 and small.cpu_seconds < small.seconds


def test_a_step_that_breaks_off_is_measured_too() -> None:
    found: list[Phase] = []
    try:
        with measured("broken", found):
            raise ValueError
    except ValueError:
        pass
    assert [phase.name for phase in found] == ["broken"]
