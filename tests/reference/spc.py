"""Run charts and p-charts point by point, in exact fractions: written from domain.md section 10, knowing nothing of the SQL."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median


@dataclass(frozen=True)
class Point:
    """One point of a series: `numerator` of `n` in its phase; not judged means open, and then in no run."""

    numerator: int
    n: int
    phase: int = 1
    is_judged: bool = True

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.n)


@dataclass(frozen=True)
class Judged:
    """What a chart says of a point."""

    center: Fraction | None
    is_baseline: bool
    signals: tuple[str, ...]


def chart(
    kind: str, points: Sequence[Point], baseline_points: int, limits: Mapping[int, tuple[int, int]]
) -> list[Judged]:
    """Judge every point in turn, phase by phase, from the points up to it."""
    judged: list[Judged | None] = [None] * len(points)
    for phase in sorted({point.phase for point in points}):
        places = [i for i, point in enumerate(points) if point.phase == phase and point.is_judged]
        baseline = [points[i] for i in places[:baseline_points]]
        center = _center(kind, baseline) if len(baseline) == baseline_points else None
        after: list[Fraction] = []
        for rank, i in enumerate(places):
            signals = []
            if center is not None:
                if kind == "p" and _is_beyond(points[i], center):
                    signals.append("beyond_limit")
                if rank >= baseline_points:
                    after.append(points[i].value)
                    signals += _in_a_row(kind, after, center, limits)
            judged[i] = Judged(center, rank < baseline_points, tuple(signals))
        for i, point in enumerate(points):
            if point.phase == phase and not point.is_judged:
                judged[i] = Judged(center, False, ())
    assert None not in judged
    return [one for one in judged if one is not None]


def p_limits(point: Point, center: Fraction) -> tuple[float, float]:
    """Three standard errors on both sides, inside 0 and 1."""
    width = 3 * (float(center * (1 - center)) / point.n) ** 0.5
    return max(0.0, float(center) - width), min(1.0, float(center) + width)


def _center(kind: str, baseline: Sequence[Point]) -> Fraction:
    if kind == "p":
        return Fraction(sum(point.numerator for point in baseline), sum(point.n for point in baseline))
    return Fraction(median(point.value for point in baseline))


def _is_beyond(point: Point, center: Fraction) -> bool:
    return (point.value - center) ** 2 > 9 * center * (1 - center) / point.n


def _in_a_row(
    kind: str, after: Sequence[Fraction], center: Fraction, limits: Mapping[int, tuple[int, int]]
) -> list[str]:
    """Signals that the last value of `after` completes or continues."""
    found = []
    sides = [(value > center) - (value < center) for value in after]
    if kind == "run":
        useful = [side for side in sides if side]
        if sides[-1] and _same_at_end(useful) >= 6:
            found.append("shift")
        steps = [later - earlier for earlier, later in itertools.pairwise(after) if later != earlier]
        if len(after) > 1 and after[-1] != after[-2] and _same_at_end([step > 0 for step in steps]) >= 4:
            found.append("trend")
        if sides[-1] and len(useful) in limits:
            runs = 1 + sum(a != b for a, b in itertools.pairwise(useful))
            fewest, most = limits[len(useful)]
            if runs < fewest or runs > most:
                found.append("runs")
        return found
    if sides[-1] and _same_at_end(sides) >= 8:
        found.append("shift")
    moves = [(later > earlier) - (later < earlier) for earlier, later in itertools.pairwise(after)]
    if moves and moves[-1] and _same_at_end(moves) >= 5:
        found.append("trend")
    return found


def _same_at_end(values: Sequence[object]) -> int:
    count = 0
    while count < len(values) and values[-1 - count] == values[-1]:
        count += 1
    return count
