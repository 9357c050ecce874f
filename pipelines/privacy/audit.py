"""Which guarded counts can be bounded to too few values by all equations together.

A count is certified by witnesses: sets of counts, different from the true ones, that agree with everything shown.
Linear programs with random objectives, over one part of a block after another with the rest left at the truth, give
witnesses for many counts at once. What is still in doubt is bounded by two programs of its own over its neighborhood;
a count that no witness certifies there is open: doubt never counts as safety. Fractions of a count are allowed, as an
attacker who solves linear programs allows them; bounds are rounded inwards to integers, with a slack of 1e-6 for what
the solver calls equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csgraph

from pipelines.privacy.reduce import Reduced, reduce_system
from pipelines.privacy.system import Flags, Ints, System, propagate

VALUES = 3
SLACK = 1e-6
PART = 10_000
ROUNDS = 5
# so few are cheaper to look at one by one
FEW = 200
NEAR = (450, 2000, PART)
# a witness need not go far: moves beyond these bounds prove nothing more
MOVE, MOVE_OTHERS = 4, 60
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """What came of an audit.

    Attributes:
        open: counts of the system that are, or may be, bounded to fewer than VALUES values.
        values: for each guarded count, how many values are known to be possible (those above VALUES were not sought).
        programs: linear programs solved.
    """

    open: Ints
    values: Ints
    programs: int


class _Search:
    """Differences from the truth that agree with everything shown, and how far they reach."""

    def __init__(self, reduced: Reduced, suspect: Flags) -> None:
        self.rows, self.columns = reduced.matrix, reduced.matrix.tocsc()
        self.down, self.up, self.suspect = reduced.down, reduced.up, suspect
        self.least, self.most = np.zeros(len(self.down)), np.zeros(len(self.down))
        self.programs = 0

    def values(self) -> Ints:
        """How many integers lie between the furthest witnesses."""
        found = np.floor(self.most + SLACK) - np.ceil(self.least - SLACK) + 1
        return found.astype(np.int64)

    def doubtful(self) -> Flags:
        """Suspects for whom there are too few witnesses yet."""
        return self.suspect & (self.values() < VALUES)

    def solve(self, columns: Ints, objective: Floats) -> None:
        """Note the differences that make `objective` least, with everything outside `columns` at the truth."""
        part = self.columns[:, columns].tocsr()
        part = part[np.flatnonzero(np.diff(part.indptr))]
        far = np.where(self.suspect[columns], MOVE, MOVE_OTHERS)
        solved = linprog(
            objective,
            A_eq=part,
            b_eq=np.zeros(part.shape[0]),
            bounds=np.column_stack([np.maximum(self.down[columns], -far), np.minimum(self.up[columns], far)]),
            method="highs-ds",
        )
        self.programs += 1
        if solved.status != 0:
            raise ArithmeticError(f"the linear program was not solved: {solved.message}")
        self.least[columns] = np.minimum(self.least[columns], solved.x)
        self.most[columns] = np.maximum(self.most[columns], solved.x)

    def parts(self) -> list[Ints]:
        """The unknowns in an order that keeps neighbors together, for cutting into parts."""
        touching = (abs(self.rows.T) @ abs(self.rows)).tocsr()
        order = csgraph.reverse_cuthill_mckee(touching, symmetric_mode=True).astype(np.int64)
        _, label = csgraph.connected_components(touching, directed=False)
        blocks = [block[np.argsort(place)] for block, place in _grouped(order, label)]
        return [block for block in blocks if self.suspect[block].any()]

    def near(self, start: int, size: int) -> Ints:
        """Unknowns around `start`, nearest first: `size` of them, or all that are connected."""
        seen = np.zeros(len(self.down), dtype=bool)
        seen[start] = True
        found = edge = np.array([start])
        while len(edge) and len(found) < size:
            edge = np.unique(self.rows[np.unique(self.columns[:, edge].indices)].indices)
            edge = edge[~seen[edge]][: size - len(found)]
            seen[edge] = True
            found = np.concatenate([found, edge])
        return np.sort(found)


def _grouped(order: Ints, label: NDArray[np.int32]) -> list[tuple[Ints, Ints]]:
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    members = np.argsort(label, kind="stable")
    cuts = np.flatnonzero(np.diff(label[members])) + 1
    return [(block, place[block]) for block in np.split(members, cuts)] if len(members) else []


def intervals(system: System, suspect: Flags | None = None) -> Verdict:
    """As `audit`, one equation at a time: what it finds is open, what it does not find may be open all the same."""
    asked = system.guarded if suspect is None else system.guarded & suspect
    narrowed = propagate(system)
    values = narrowed.high - narrowed.low + 1
    return Verdict(np.flatnonzero(asked & (values < VALUES)), np.where(asked, values, 0), 0)


def audit(system: System, suspect: Flags | None = None) -> Verdict:
    """Guarded counts of `system` that are not safe; only those of `suspect`, if given.

    Raises ArithmeticError if the solver gives up.
    """
    asked = system.guarded if suspect is None else system.guarded & suspect
    narrowed = propagate(system)
    reduced = reduce_system(narrowed)
    known = reduced.leader < 0
    room = reduced.up - reduced.down + 1
    suspects = np.zeros(len(room), dtype=bool)
    suspects[reduced.leader[asked & ~known]] = True
    search = _Search(reduced, suspects & (room >= VALUES))
    if search.suspect.any():
        _witness(search)
        _settle(search)
    found = np.append(search.values(), 1)  # the last for what is known
    values = np.minimum(narrowed.high - narrowed.low + 1, found[np.where(known, -1, reduced.leader)])
    return Verdict(np.flatnonzero(asked & (values < VALUES)), np.where(asked, values, 0), search.programs)


def _witness(search: _Search) -> None:
    """Random objectives and their opposites, in parts cut at other places each time.

    What comes of a block depends on nothing outside it, so that a block looks the same on every night.
    """
    for block in search.parts():
        if search.suspect[block].sum() <= FEW:
            continue
        draw = np.random.default_rng(0)
        for turn in range(ROUNDS):
            first = PART if len(block) <= PART else PART // 2 + (turn % 2) * PART // 2
            for part in np.split(block, range(first, len(block), PART)):
                columns = np.sort(part)
                objective = draw.choice([-1.0, 1.0], len(columns))
                for direction in (1, -1):
                    doubtful = search.doubtful()[columns]
                    if doubtful.any():
                        search.solve(columns, np.where(doubtful, direction * objective, 0.0))


def _settle(search: _Search) -> None:
    """Least and most of what is still in doubt, over its neighborhood, then larger ones, at last its block."""
    for start in np.flatnonzero(search.doubtful()).tolist():
        for size in NEAR:
            if search.values()[start] < VALUES:
                columns = search.near(start, size)
                for direction in (1.0, -1.0):
                    search.solve(columns, np.where(columns == start, direction, 0.0))
