"""Today's public counts and those before each restatement as one system, tied by differences that nobody is shown.

For a count that stands in two versions: later - earlier - difference = 0. The difference may be negative, and one of 1
to 10 students either way must stay as uncertain as a count of that size. What a restatement did not move in other
districts is the same count, since a reader knows who was restated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pyarrow as pa

from pipelines.privacy.system import LARGEST, Flags, Ints, System
from pipelines.privacy.tables import SMALL, ints

BEFORE_COUNTS = "restatement_id, count_id, today_id, n, low, high, is_unmoved"
BEFORE_TERMS = "restatement_id, equation_id, unknown_id, n, coefficient"


@dataclass(frozen=True)
class Before:
    """Columns BEFORE_COUNTS of privacy.restated_count and BEFORE_TERMS of privacy.restated_term."""

    counts: pa.Table
    terms: pa.Table


@dataclass(frozen=True)
class Version:
    """Counts as they were before a restatement: their ids then, today's (-1: none), and their places in the system."""

    counts: Ints
    today: Ints
    is_unmoved: Flags
    places: Ints


@dataclass
class _Unknowns:
    """Unknowns and equations that are added, part by part."""

    n: int
    n_equations: int
    truth: list[Ints] = field(default_factory=list)
    low: list[Ints] = field(default_factory=list)
    high: list[Ints] = field(default_factory=list)
    equation: list[Ints] = field(default_factory=list)
    count: list[Ints] = field(default_factory=list)
    coefficient: list[Ints] = field(default_factory=list)

    def add(self, truth: Ints, low: Ints, high: Ints) -> Ints:
        """Places of new unknowns."""
        places = np.arange(self.n, self.n + len(truth))
        self.n += len(truth)
        for kept, values in ((self.truth, truth), (self.low, low), (self.high, high)):
            kept.append(values)
        return places

    def relate(self, equation: Ints, count: Ints, coefficient: Ints) -> None:
        """New equations, numbered from 0, and their terms."""
        self.equation.append(equation + self.n_equations)
        self.n_equations += int(equation.max()) + 1 if len(equation) else 0
        self.count.append(count)
        self.coefficient.append(coefficient)


def with_versions(
    system: System, rank: Ints, count_ids: Ints, before: Before
) -> tuple[System, Ints, dict[int, Version]]:
    """`system` with what was true before each restatement, the rank of all its counts, and where each version stands.

    Args:
        system: today's; its first places are the counts of `count_ids`, sorted.
        rank: of its counts.
        count_ids: of today.
        before: the earlier versions.

    Raises:
        ValueError: an equation of an earlier version has a count that was not kept.
    """
    added = _Unknowns(len(system.truth), system.n_equations)
    of_counts, of_terms = ints(before.counts, "restatement_id"), ints(before.terms, "restatement_id")
    versions = {
        number: _version(added, _part(before.counts, of_counts == number), _part(before.terms, of_terms == number))
        for number in np.unique(of_counts).tolist()
    }
    if not versions:
        return system, rank, {}
    today = Version(count_ids, count_ids, np.ones(len(count_ids), dtype=bool), np.arange(len(count_ids)))
    truth = np.concatenate([system.truth, *added.truth])
    for earlier, later in combinations([*versions.values(), today], 2):
        truth = np.concatenate([truth, _tie(added, truth, earlier, later)])
    extended = System(
        truth=truth,
        low=np.concatenate([system.low, *added.low]),
        high=np.concatenate([system.high, *added.high]),
        equation=np.concatenate([system.equation, *added.equation]),
        count=np.concatenate([system.count, *added.count]),
        coefficient=np.concatenate([system.coefficient, *added.coefficient]),
        guarded=(np.abs(truth) >= 1) & (np.abs(truth) <= SMALL),
    )
    return extended, np.concatenate([rank, np.zeros(len(truth) - len(rank), dtype=np.int64)]), versions


def _version(added: _Unknowns, counts: pa.Table, terms: pa.Table) -> Version:
    ids = ints(counts, "count_id")
    order = np.argsort(ids)
    ids, low, high = ids[order], ints(counts, "low")[order], ints(counts, "high", LARGEST)[order]
    places = added.add(ints(counts, "n")[order], low, high)
    unknown, n = ints(terms, "unknown_id"), ints(terms, "n")
    rest_ids, first = np.unique(unknown[unknown < 0], return_index=True)
    rests = np.zeros(len(rest_ids), dtype=np.int64)
    rest_places = added.add(n[unknown < 0][first], rests, rests + LARGEST)
    known = np.concatenate([rest_ids, ids])
    if not np.isin(unknown, known).all():
        raise ValueError("an equation from before a restatement has a count that was not kept")
    count = np.concatenate([rest_places, places])[np.searchsorted(known, unknown)]
    _, equation = np.unique(ints(terms, "equation_id"), return_inverse=True)
    added.relate(equation.astype(np.int64), count, ints(terms, "coefficient"))
    is_unmoved = np.asarray(counts.column("is_unmoved").to_numpy(zero_copy_only=False), dtype=bool)
    return Version(ids, ints(counts, "today_id")[order], is_unmoved[order], places)


def _tie(added: _Unknowns, truth: Ints, earlier: Version, later: Version) -> Ints:
    """Relate counts that stand in both versions; returns the differences that were added as unknowns."""
    both = np.intersect1d(earlier.today[earlier.today >= 0], later.today[later.today >= 0])
    one, other = (version.places[_at(version.today, both)] for version in (earlier, later))
    difference = truth[other] - truth[one]
    same = earlier.is_unmoved[_at(earlier.today, both)] & later.is_unmoved[_at(later.today, both)]
    numbers = np.arange(int(same.sum()))
    added.relate(
        np.concatenate([numbers, numbers]), np.concatenate([other[same], one[same]]), np.repeat([1, -1], len(numbers))
    )
    moved = difference[~same]
    places = added.add(moved, np.full(len(moved), -LARGEST), np.full(len(moved), LARGEST))
    numbers = np.arange(len(moved))
    added.relate(
        np.concatenate([numbers] * 3),
        np.concatenate([other[~same], one[~same], places]),
        np.repeat([1, -1, -1], len(numbers)),
    )
    return moved


def _part(table: pa.Table, wanted: Flags) -> pa.Table:
    return table.filter(pa.array(wanted))


def _at(keys: Ints, wanted: Ints) -> Ints:
    """Places of `wanted` among `keys`, in whatever order these are."""
    order = np.argsort(keys)
    found: Ints = order[np.searchsorted(keys[order], wanted)]
    return found
