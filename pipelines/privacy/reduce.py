"""The same system with fewer unknowns: what is known is taken out, and counts that move together become one.

An equation that leaves two unknowns ties one to the other: x = y, or x + y = a known sum. What remains has each tied
family once, each equation once, and as much freedom as before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipelines.privacy.system import Flags, Ints, System


@dataclass(frozen=True)
class Reduced:
    """Unknowns that are left, as differences from the truth.

    `matrix` times the differences is zero; `down` and `up` are how far each may go (not positive, not negative).
    `leader` maps each count of the system to its unknown (-1: known), `guarded` tells the unknowns that stand for a
    guarded count.
    """

    matrix: csr_matrix
    down: Ints
    up: Ints
    leader: Ints
    guarded: Flags


def _root(parent: list[int], sign: list[int], node: int) -> tuple[int, int]:
    path, together = [], 1
    while parent[node] != node:
        path.append(node)
        node = parent[node]
    for step in reversed(path):
        together = sign[step] * together
        parent[step], sign[step] = node, together
    return node, together


def _tie(n: int, pairs: NDArray[np.int64], signs: Ints) -> tuple[Ints, Ints, list[int]]:
    """Union of counts that move together: root and sign of each, and roots that cannot move at all."""
    parent, sign, stuck = list(range(n)), [1] * n, []
    for (one, other), relation in zip(pairs.tolist(), signs.tolist(), strict=True):
        root, s_one = _root(parent, sign, one)
        second, s_other = _root(parent, sign, other)
        if root == second:
            if s_one != relation * s_other:
                stuck.append(root)
            continue
        low, high = min(root, second), max(root, second)
        parent[high], sign[high] = low, s_one * relation * s_other
    roots, signs_out = np.arange(n), np.ones(n, dtype=np.int64)
    for node in np.unique(pairs).tolist():
        roots[node], signs_out[node] = _root(parent, sign, node)
    return roots, signs_out, stuck


def _unique_rows(matrix: csr_matrix) -> csr_matrix:
    """Each equation once, whatever its sign; equations of nothing left out."""
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    matrix = matrix[np.flatnonzero(np.diff(matrix.indptr))]
    # equations that are equal up to sign have equal products with numbers drawn once and for all
    weights = np.random.default_rng(0).integers(1, 2**40, (matrix.shape[1], 2))
    first = np.sign(matrix.data[matrix.indptr[:-1]])
    prints = (matrix @ weights) * first[:, None]
    _, kept = np.unique(np.column_stack([prints, np.diff(matrix.indptr)]), axis=0, return_index=True)
    return matrix[np.sort(kept)]


def reduce_system(system: System) -> Reduced:
    """`system` (its intervals propagated) without what is known and with tied counts as one."""
    n = len(system.truth)
    relative = np.stack([system.low - system.truth, system.high - system.truth])
    root, sign = np.arange(n), np.ones(n, dtype=np.int64)
    fixed = system.low == system.high
    while True:
        free = ~fixed[root[system.count]]
        size = (system.n_equations, n)
        matrix = csr_matrix(
            ((system.coefficient * sign[system.count])[free], (system.equation[free], root[system.count][free])), size
        )
        matrix = _unique_rows(matrix)
        terms = np.diff(matrix.indptr)
        alone = matrix.indices[matrix.indptr[:-1][terms == 1]]
        starts = matrix.indptr[:-1][terms == 2]
        pairs = np.stack([matrix.indices[starts], matrix.indices[starts + 1]], axis=1).astype(np.int64)
        ratio = matrix.data[starts] * matrix.data[starts + 1]
        tied = np.abs(ratio) == 1
        if not len(alone) and not tied.any():
            break
        new_root, new_sign, stuck = _tie(n, pairs[tied], -ratio[tied].astype(np.int64))
        fixed[new_root[alone]] = True
        fixed[new_root[stuck]] = True
        fixed[new_root[np.flatnonzero(fixed)]] = True
        sign = sign * new_sign[root]
        root = new_root[root]
    down, up = np.full(n, -np.iinfo(np.int32).max), np.full(n, np.iinfo(np.int32).max)
    towards = np.where(sign > 0, relative[0], -relative[1])
    away = np.where(sign > 0, relative[1], -relative[0])
    np.maximum.at(down, root, towards)
    np.minimum.at(up, root, away)
    left = np.flatnonzero((root == np.arange(n)) & ~fixed)
    number = np.full(n, -1, dtype=np.int64)
    number[left] = np.arange(len(left))
    guarded = np.zeros(n, dtype=bool)
    guarded[root[system.guarded]] = True
    return Reduced(matrix[:, left].tocsr(), down[left], up[left], number[root], guarded[left])
