"""Unknown counts, the sums in which they stand, and what can be said without a solver: intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

# no count is larger; intervals are exact integers far below what a double holds
LARGEST = 10**9
SWEEPS = 60


@dataclass(frozen=True)
class System:
    """Counts 0..n-1, and equations 0..m-1: the sum of coefficient times count over the terms of each is zero.

    Attributes:
        truth: the true counts.
        low: the least that somebody who sees what is shown must think possible.
        high: the most; equal to `low` where the count is shown.
        equation: of each term.
        count: of each term.
        coefficient: of each term, 1 or -1.
        guarded: counts that must stay uncertain.
    """

    truth: Ints
    low: Ints
    high: Ints
    equation: Ints
    count: Ints
    coefficient: Ints
    guarded: Flags

    @property
    def n_equations(self) -> int:
        """How many equations there are."""
        return int(self.equation.max()) + 1 if len(self.equation) else 0

    def checked(self) -> System:
        """This system. Raises ValueError if the truth does not meet an equation or an interval."""
        sums = np.zeros(self.n_equations, dtype=np.int64)
        np.add.at(sums, self.equation, self.coefficient * self.truth[self.count])
        if sums.any() or (self.truth < self.low).any() or (self.truth > self.high).any():
            raise ValueError("the true counts do not meet their own equations")
        return self


def implied(system: System) -> tuple[Ints, Ints]:
    """Per term, the least and the most that its count can be by its equation, whatever it is by its own interval."""
    equation, count, plus = system.equation, system.count, system.coefficient > 0
    least = np.where(plus, system.low[count], -system.high[count])
    most = np.where(plus, system.high[count], -system.low[count])
    sum_least, sum_most = np.zeros((2, system.n_equations), dtype=np.int64)
    np.add.at(sum_least, equation, least)
    np.add.at(sum_most, equation, most)
    # what the others of the equation leave for this term
    floor = -(sum_most[equation] - most)
    ceiling = -(sum_least[equation] - least)
    return np.where(plus, floor, -ceiling), np.where(plus, ceiling, -floor)


def propagate(system: System) -> System:
    """Intervals narrowed until no single equation narrows them further (or SWEEPS times: they stay true, if wide)."""
    for _ in range(SWEEPS):
        floor, ceiling = implied(system)
        low, high = system.low.copy(), system.high.copy()
        np.maximum.at(low, system.count, floor)
        np.minimum.at(high, system.count, ceiling)
        if (low == system.low).all() and (high == system.high).all():
            break
        system = replace(system, low=low, high=high)
    return system
