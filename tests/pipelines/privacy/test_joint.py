"""Counts before and after a restatement as one system: differences worked by hand, and against every possibility."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.privacy.audit import VALUES, audit
from pipelines.privacy.joint import Before, with_versions
from pipelines.privacy.system import LARGEST, System

# two schools and their district
A, B, TOTAL = 0, 1, 2
SUM = ((A, 1), (B, 1), (TOTAL, -1))


def today(counts: tuple[int, int], shown: set[int]) -> System:
    truth = np.array([*counts, sum(counts)], dtype=np.int64)
    is_shown = np.isin(np.arange(3), list(shown))
    return System(
        truth=truth,
        low=np.where(is_shown, truth, 0),
        high=np.where(is_shown, truth, LARGEST),
        equation=np.zeros(3, dtype=np.int64),
        count=np.array([count for count, _ in SUM]),
        coefficient=np.array([sign for _, sign in SUM]),
        guarded=(truth >= 1) & (truth <= 10),
    )


def before(versions: list[tuple[tuple[int, int], set[int]]], unmoved: set[int] = frozenset()) -> Before:  # type: ignore[assignment]
    counts, terms = [], []
    for number, (pair, shown) in enumerate(versions, start=1):
        for count, n in enumerate((*pair, sum(pair))):
            is_shown = count in shown
            counts.append(
                {
                    "restatement_id": number, "count_id": 100 + count, "today_id": count, "n": n,
                    "low": n if is_shown else 0, "high": n if is_shown else None, "is_unmoved": count in unmoved,
                }
            )  # fmt: skip
        terms += [
            {"restatement_id": number, "equation_id": 7, "unknown_id": 100 + count, "n": 0, "coefficient": sign}
            for count, sign in SUM
        ]
    return Before(pa.Table.from_pylist(counts), pa.Table.from_pylist(terms))


def joined(now: System, versions: list[tuple[tuple[int, int], set[int]]], unmoved: set[int] = frozenset()) -> System:  # type: ignore[assignment]
    found, rank, _ = with_versions(now, np.zeros(3, dtype=np.int64), np.arange(3), before(versions, unmoved))
    assert len(rank) == len(found.truth)
    return found.checked()


ALL = {A, B, TOTAL}
CASES = {
    # today, shown; before, shown; differences that must be found open
    "three more, shown on both sides": ((43, 60), {A}, [((40, 60), {A})], [3]),
    "three fewer": ((37, 60), {A}, [((40, 60), {A})], [-3]),
    "twelve more": ((52, 60), ALL, [((40, 60), ALL)], []),
    "nothing moved": ((40, 60), ALL, [((40, 60), ALL)], []),
    "three more, hidden with the total": ((43, 60), {B}, [((40, 60), ALL)], []),
    "five more, left by the sums of two releases": ((45, 72), {B, TOTAL}, [((40, 60), ALL)], [5]),
    "the same hidden on one side": ((45, 72), {TOTAL}, [((40, 60), ALL)], []),
    # 12 more, then 9 fewer: nobody sees 9 alone, since the second version hides the count; 3 in all is seen
    "three more by two restatements": ((43, 60), {A}, [((40, 60), {A}), ((52, 60), set())], [3]),
}


@pytest.mark.parametrize("name", CASES)
def test_differences_that_single_out_a_few_are_found(name: str) -> None:
    counts, shown, versions, expected = CASES[name]
    system = joined(today(counts, shown), versions)
    assert sorted(system.truth[audit(system).open].tolist()) == expected


def test_what_was_shown_earlier_of_a_count_that_did_not_move_is_known_of_it_today() -> None:
    """The other district's school, 4 students: hidden on both sides, but by the total in one and by its part in the other."""
    now, earlier = today((30, 4), {A}), [((30, 4), {TOTAL})]
    assert not len(audit(joined(now, earlier)).open)
    assert set(joined(now, earlier, ALL).truth[audit(joined(now, earlier, ALL)).open].tolist()) == {4}


def test_two_releases_together_leave_a_small_count() -> None:
    """A kept release shows the total, tonight's the other part: neither says 4 by itself."""
    tonight, kept = today((30, 4), {A}), today((30, 4), {TOTAL})
    assert not len(audit(tonight).open) and not len(audit(kept).open)
    both = replace(tonight, low=np.maximum(tonight.low, kept.low), high=np.minimum(tonight.high, kept.high))
    assert audit(both).open.tolist() == [B]


def _possible(system: System) -> list[set[int]]:
    """Values that each count, and each difference, has in some world of small counts that agrees with what is shown."""
    found: list[set[int]] = [set() for _ in system.truth]
    reach = range(int(system.truth.max()) + VALUES + 1)
    for a, b, old_a, old_b in product(reach, repeat=4):
        values = np.array([a, b, a + b, old_a, old_b, old_a + old_b])
        if (values >= system.low[:6]).all() and (values <= system.high[:6]).all():
            differences = values[:3] - values[3:]
            for place, value in enumerate([*values.tolist(), *differences.tolist()]):
                found[place].add(value)
    return found


small = st.tuples(st.integers(0, 4), st.integers(0, 4))
some = st.sets(st.sampled_from([A, B, TOTAL]), min_size=1)


@settings(max_examples=25, deadline=None)
@given(small, some, small, some)
def test_open_differences_agree_with_every_possibility(
    counts: tuple[int, int], shown: set[int], earlier: tuple[int, int], shown_earlier: set[int]
) -> None:
    system = joined(today(counts, shown), [(earlier, shown_earlier)])
    by_hand = {
        place for place, values in enumerate(_possible(system)) if system.guarded[place] and len(values) < VALUES
    }
    assert set(audit(system).open.tolist()) == by_hand
