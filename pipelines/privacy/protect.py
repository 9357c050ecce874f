"""Hide until the audit finds nothing: figures that show counts, taken away one after another.

For each count that is open, the smallest shown count of the equations in which it stands goes, with every figure that
shows it; where none of them shows anything, the bound it has by a coded figure goes, then the equations next to these
are looked at. Counts that were certified once stay so: hiding more only widens what is possible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from pipelines.privacy.audit import VALUES, Verdict, audit
from pipelines.privacy.system import Flags, Ints, System, implied, propagate

DEPTH = 6
Ask = Callable[..., Verdict]


@dataclass(frozen=True)
class Shown:
    """What figures tell while they stand.

    Attributes:
        hidden: per figure, whether it is hidden.
        figure: of each pair of a figure and a count that it shows exactly.
        count: of each pair.
        coded: figures that show a bound alone.
        bounded: the count that each of them bounds.
        bound: from above.
        leader: of each pair of figures of which the second is hidden whenever the first is.
        follower: of each pair.
    """

    hidden: Flags
    figure: Ints
    count: Ints
    coded: Ints
    bounded: Ints
    bound: Ints
    leader: Ints
    follower: Ints

    def exact(self, n: int) -> Flags:
        """Counts that a standing figure shows."""
        shown = np.zeros(n, dtype=bool)
        shown[self.count[~self.hidden[self.figure]]] = True
        return shown

    def hide(self, figures: Ints) -> None:
        """Hide figures and all that follow them."""
        self.hidden[figures] = True
        while True:
            follow = self.follower[self.hidden[self.leader] & ~self.hidden[self.follower]]
            if not len(follow):
                return
            self.hidden[follow] = True


def seen(system: System, shown: Shown) -> System:
    """`system` with the intervals of somebody who sees `shown`."""
    low, high = system.low.copy(), system.high.copy()
    standing = ~shown.hidden[shown.coded]
    np.minimum.at(high, shown.bounded[standing], shown.bound[standing])
    exact = shown.exact(len(low))
    low[exact] = high[exact] = system.truth[exact]
    return System(system.truth, low, high, system.equation, system.count, system.coefficient, system.guarded)


def binding(system: System) -> Flags:
    """Per term, whether its equation alone leaves its count fewer than VALUES values, given what the others may be."""
    floor, ceiling = implied(propagate(system))
    return (ceiling - floor + 1) < VALUES


def protect(system: System, shown: Shown, rank: Ints, ask: Ask = audit) -> tuple[Flags, Verdict]:
    """Figures to hide (those of `shown.hidden` among them), and the audit that found nothing.

    Args:
        system: intervals as before anything is shown.
        shown: what is shown to begin with; its `hidden` is taken over and changed.
        rank: of two shown counts, the one with the lower rank goes, then the smaller, then the first.
        ask: the audit: `audit`, or `intervals`, which sees less and takes a hundredth of the time.

    Raises:
        ArithmeticError: a count is open and nothing near it is shown.
    """
    system.checked()
    found = ask(seen(system, shown))
    values, programs = found.values, found.programs
    order = np.lexsort((np.arange(len(rank)), system.truth, rank))
    precedence = np.empty(len(order), dtype=np.int64)
    precedence[order] = np.arange(len(order))
    # each pass hides at least one figure more, so this ends
    while len(found.open):
        exact, bound = shown.exact(len(rank)), binding(seen(system, shown))
        gone = [_next(system, shown, exact, precedence, bound, int(count)) for count in found.open]
        shown.hide(np.unique(np.concatenate(gone)))
        suspect = np.zeros(len(rank), dtype=bool)
        suspect[found.open] = True
        found = ask(seen(system, shown), suspect)
        values = np.where(suspect, found.values, values)
        programs += found.programs
    return shown.hidden, Verdict(found.open, values, programs)


def _next(system: System, shown: Shown, exact: Flags, precedence: Ints, bound: Flags, count: int) -> Ints:
    """Figures to hide for the sake of `count`: in an equation that binds it, or else in any near it."""
    coding: Ints = shown.coded[(shown.bounded == count) & ~shown.hidden[shown.coded]]
    for asked in (bound, np.ones(len(bound), dtype=bool)):
        near = np.array([count])
        for depth in range(DEPTH):
            equations = np.unique(system.equation[np.isin(system.count, near) & asked])
            near = np.unique(np.append(near, system.count[np.isin(system.equation, equations)]))
            candidates = near[exact[near]]
            if len(candidates):
                smallest = candidates[np.argmin(precedence[candidates])]
                figures: Ints = shown.figure[(shown.count == smallest) & ~shown.hidden[shown.figure]]
                return figures
            if depth == 0 and len(coding):
                return coding
            also: Ints = shown.coded[np.isin(shown.bounded, near) & ~shown.hidden[shown.coded]]
            if len(also):
                return also
    raise ArithmeticError("a count is open, and nothing near it is shown")
