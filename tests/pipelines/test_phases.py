"""Time and peak memory belong to the step that needed them."""

from __future__ import annotations

import time

from pipelines.phases import OVERHEAD, Clock, Phase, measured, split


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


def test_what_is_in_no_step_is_the_rest() -> None:
    found: list[Phase] = []
    clock = Clock()
    time.sleep(0.03)
    with measured("step", found):
        time.sleep(0.02)
    rest = clock.rest(found)
    assert rest.name == OVERHEAD
    assert 0.03 <= rest.seconds < found[0].seconds + 5 and rest.cpu_seconds < 1


def test_a_start_is_split_off_a_phase() -> None:
    whole = Phase("dbt", 60.0, 90.0, 1000.0)
    assert split(whole, "start", 55.0) == [Phase("start", 5.0, 5.0, 0.0), Phase("dbt", 55.0, 85.0, 1000.0)]
    assert split(whole, "start", None) == split(whole, "start", 61.0) == [whole]
