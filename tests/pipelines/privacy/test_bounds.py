"""Bounds of hidden counts, held against trying every possibility; hiding goes on until none is too narrow."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.privacy.audit import VALUES, audit, intervals
from pipelines.privacy.protect import Shown, protect, seen
from pipelines.privacy.system import System, propagate

LARGEST = 6


def _system(truth: list[int], equations: list[dict[int, int]], shown: set[int], small: int = 10) -> System:
    terms = [(number, count, sign) for number, row in enumerate(equations) for count, sign in row.items()]
    equation, count, sign = (np.array(column, dtype=np.int64) for column in zip(*terms, strict=True))
    values = np.array(truth, dtype=np.int64)
    low, high = np.zeros(len(truth), dtype=np.int64), np.full(len(truth), 1000, dtype=np.int64)
    for place in shown:
        low[place] = high[place] = values[place]
    return System(values, low, high, equation, count, sign, (values >= 1) & (values <= small)).checked()


@st.composite
def tables(draw: st.DrawFn) -> tuple[System, tuple[int, int]]:
    """A table of small counts with its totals, some of all this shown; its grand total always is."""
    rows, columns = draw(st.integers(1, 2)), draw(st.integers(2, 3))
    cells = draw(st.lists(st.integers(0, LARGEST), min_size=rows * columns, max_size=rows * columns))
    grid = np.array(cells).reshape(rows, columns)
    truth = [*cells, *grid.sum(axis=1).tolist(), *grid.sum(axis=0).tolist(), int(grid.sum())]
    n = rows * columns
    equations = [{**{r * columns + c: 1 for c in range(columns)}, n + r: -1} for r in range(rows)]
    equations += [{**{r * columns + c: 1 for r in range(rows)}, n + rows + c: -1} for c in range(columns)]
    equations.append({**{n + r: 1 for r in range(rows)}, len(truth) - 1: -1})
    shown = draw(st.sets(st.integers(0, len(truth) - 1))) | {len(truth) - 1}
    return _system(truth, equations, shown), (rows, columns)


def _possible(system: System, shape: tuple[int, int]) -> list[set[int]]:
    """Values that each count has in some table that agrees with what is shown."""
    rows, columns = shape
    n, total = rows * columns, int(system.truth[-1])
    found: list[set[int]] = [set() for _ in system.truth]
    for cells in product(range(total + 1), repeat=n - 1):
        last = total - sum(cells)
        if last < 0:
            continue
        grid = np.array([*cells, last]).reshape(rows, columns)
        values = np.concatenate([grid.ravel(), grid.sum(axis=1), grid.sum(axis=0), [total]])
        if (values >= system.low).all() and (values <= system.high).all():
            for place, value in enumerate(values.tolist()):
                found[place].add(value)
    return found


@settings(max_examples=40, deadline=None)
@given(tables().filter(lambda drawn: drawn[0].truth[-1] <= 9))
def test_bounds_agree_with_every_possibility(drawn: tuple[System, tuple[int, int]]) -> None:
    system, shape = drawn
    possible = _possible(system, shape)
    narrowed = propagate(system)
    for place, values in enumerate(possible):
        assert narrowed.low[place] <= min(values) and narrowed.high[place] >= max(values)
    by_hand = {place for place, values in enumerate(possible) if system.guarded[place] and len(values) < VALUES}
    assert set(audit(system).open.tolist()) == by_hand
    assert set(intervals(system).open.tolist()) <= by_hand


LEAKS = {
    "one shown complement": ([40, 3, 43], [{0: 1, 1: 1, 2: -1}], {0, 2}, 1),
    "a sum of parts": ([12, 20, 7, 39], [{0: 1, 1: 1, 2: 1, 3: -1}], {0, 1, 3}, 2),
    "a nested group": ([30, 36, 6], [{0: 1, 2: 1, 1: -1}], {0, 1}, 2),
    "lanes against the share in the two lowest": ([4, 15, 19], [{0: 1, 1: 1, 2: -1}], {1, 2}, 0),
    "movement and its variant": ([50, 42, 8], [{1: 1, 2: 1, 0: -1}], {0, 1}, 2),
    "the remainder of the schools": ([60, 40, 105, 5], [{0: 1, 1: 1, 3: 1, 2: -1}], {0, 1, 2}, 3),
    # two cohorts that share a school: the school is what both sums leave
    "overlap of network cohorts": (
        [30, 9, 25, 39, 34, 64],
        [{0: 1, 1: 1, 3: -1}, {1: 1, 2: 1, 4: -1}, {0: 1, 4: 1, 5: -1}],
        {3, 4, 5},
        1,
    ),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_planted_leak_is_found(name: str) -> None:
    truth, equations, shown, leak = LEAKS[name]
    assert leak in audit(_system(truth, equations, shown)).open.tolist()


def test_a_bound_against_a_total_is_found_and_the_bound_goes() -> None:
    # 100 in all, 97 without the outcome in two groups: the coded group has 3 minus what the other shows
    truth = [1, 30, 31]
    system = _system(truth, [{0: 1, 1: 1, 2: -1}], set())
    none = np.empty(0, dtype=np.int64)
    shown = Shown(
        hidden=np.zeros(3, dtype=bool),
        figure=np.array([1, 2]),
        count=np.array([1, 2]),
        coded=np.array([0]),
        bounded=np.array([0]),
        bound=np.array([2]),
        leader=none,
        follower=none,
    )
    assert audit(seen(system, shown)).open.tolist() == [0]
    hidden, verdict = protect(system, shown, np.zeros(3, dtype=np.int64))
    assert hidden.tolist() == [False, True, False]
    assert not len(verdict.open)


def test_hiding_takes_followers_along() -> None:
    system = _system([12, 4, 16], [{0: 1, 1: 1, 2: -1}], set())
    shown = Shown(
        hidden=np.zeros(3, dtype=bool),
        figure=np.array([0, 1]),
        count=np.array([0, 2]),
        coded=np.empty(0, dtype=np.int64),
        bounded=np.empty(0, dtype=np.int64),
        bound=np.empty(0, dtype=np.int64),
        leader=np.array([0]),
        follower=np.array([2]),
    )
    hidden, _ = protect(system, shown, np.zeros(3, dtype=np.int64), intervals)
    assert hidden.tolist() == [True, False, True]
