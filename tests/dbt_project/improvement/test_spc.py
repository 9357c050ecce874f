"""Charts on series alone, through dbt: V8 and V9 of domain.md, cases by hand, and 500 random series against the reference."""

from __future__ import annotations

import csv
import itertools
import random
from collections import Counter, defaultdict
from math import comb
from typing import Any

import pytest

from tests.dbt_project.improvement.project import PROJECT, build, rows
from tests.reference.spc import Point, chart, p_limits

with (PROJECT / "seeds" / "run_limit.csv").open(encoding="utf-8") as file:
    LIMITS = {int(r["n_useful"]): (int(r["fewest_runs"]), int(r["most_runs"])) for r in csv.DictReader(file)}

Series = tuple[str, int, list[Point]]  # kind of chart, points of a baseline, points


def shares(*values: int, n: int = 1000) -> list[Point]:
    return [Point(value, n) for value in values]


def by_hand() -> dict[str, tuple[Series, dict[int, str]]]:
    """Series whose signals are worked out by hand: 1-based point -> signal; every other point has none."""
    p = [Point(x, n) for x, n in ((70, 200), (64, 190), (76, 205), (72, 210), (66, 195), (40, 200))]
    base = (40, 50, 40, 50, 40, 50)  # median 45
    six = (46, 47, 46, 47, 46, 47)
    phases = [Point(x, 1000, 1 if i < 12 else 2) for i, x in enumerate((*base, *six, *six, 20))]
    return {
        "V8: 0.20 is below the lower limit": (("p", 5, p), {6: "beyond_limit"}),
        "V9: six below 39.5, shift at point 12": (
            ("run", 6, shares(38, 41, 36, 40, 39, 42, 35, 33, 34, 32, 33, 31)),
            {12: "shift"},
        ),
        "a point on the line neither breaks a shift nor carries it": (
            ("run", 6, shares(*base, 46, 47, 45, 46, 47, 46, 47, 45, 46)),
            {13: "shift", 15: "shift"},
        ),
        "the baseline is not part of a run": (("run", 6, shares(50, 40, 40, 40, 50, 50, 46, 47, 46, 47, 46)), {}),
        "five rising points are a trend, a tie counts once": (
            ("run", 6, shares(*base, 41, 42, 42, 43, 46, 47, 48)),
            {12: "trend", 13: "trend"},
        ),
        "on a p-chart a tie ends a rise, and six points make a trend": (
            ("p", 6, shares(*base, 41, 42, 42, 43, 44, 45, 46, 47)),
            {14: "trend"},
        ),
        "eight in a row on a p-chart": (
            ("p", 6, shares(*base, *six, 46, 47, 46)),
            {14: "shift", 15: "shift"},
        ),
        "too many runs: ten points, ten runs": (
            ("run", 6, shares(*base, *(44, 46) * 5)),
            {16: "runs"},
        ),
        "a new phase has a center of its own and its own baseline": (
            ("run", 6, phases),
            {12: "shift"},
        ),
        "no center before the baseline is complete": (("run", 6, shares(1, 900, 2, 900, 3)), {}),
    }


def at_random(n: int) -> list[Series]:
    """Short and long series, few values (ties, points on the line), growing counts, phases and open points."""
    draw = random.Random(20261030)
    drawn: list[Series] = []
    for _ in range(n):
        kind, size = draw.choice(("run", "p")), draw.choice((10, 40, 200, 1000))
        level, drift = draw.uniform(0.05, 0.9), draw.choice((0, 0, 0.005, -0.01))
        spread = draw.choice((0.01, 0.05, 0.2))
        points, phase = [], 1
        for i in range(draw.choice((3, 6, 7, 14, 20, 30, 75))):
            if draw.random() < 0.03:
                phase += 1
            count = max(2, int(size * draw.uniform(0.8, 1.2))) if draw.random() < 0.7 else size
            share = min(1, max(0, level + drift * i + draw.uniform(-spread, spread)))
            points.append(Point(round(share * count), count, phase, draw.random() > 0.04))
        drawn.append((kind, draw.choice((5, 6, 6, 8)), points))
    return drawn


@pytest.fixture(scope="module")
def charted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """What dbt makes of every series, by name, in order of its points."""
    points = [
        {"series_id": name, "position": i, "phase": point.phase, "chart_type": kind, "numerator": point.numerator,
         "n": point.n, "baseline_points": baseline, "is_judged": point.is_judged}
        for name, (kind, baseline, points) in everything().items()
        for i, point in enumerate(points)
    ]  # fmt: skip
    database = build(
        tmp_path_factory.mktemp("spc"),
        ("macros/spc.sql", "seeds/run_limit.csv"),
        {"chart": '{{ spc_chart("main.point", ref("run_limit")) }}'},
        {"point": points},
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows(database, "select * from made.chart order by series_id, position"):
        found.setdefault(row["series_id"], []).append(row)
    return found


def everything() -> dict[str, Series]:
    return {name: series for name, (series, _) in by_hand().items()} | {
        f"random {i}": series for i, series in enumerate(at_random(500))
    }


@pytest.mark.parametrize("name", by_hand())
def test_signals_worked_out_by_hand(name: str, charted: dict[str, list[dict[str, Any]]]) -> None:
    _, expected = by_hand()[name]
    assert {i: row["signal"] for i, row in enumerate(charted[name], 1) if row["signal"]} == expected


def test_v8_center_and_limits(charted: dict[str, list[dict[str, Any]]]) -> None:
    last = charted["V8: 0.20 is below the lower limit"][-1]
    assert last["center"] == pytest.approx(0.3480, abs=1e-12)
    assert round(last["lower_limit"], 4) == 0.2470
    assert round(last["upper_limit"], 4) == 0.4490
    assert not last["is_baseline"]


def test_v9_center(charted: dict[str, list[dict[str, Any]]]) -> None:
    points = charted["V9: six below 39.5, shift at point 12"]
    assert {row["center"] for row in points} == {0.0395}
    assert [row["is_baseline"] for row in points] == [True] * 6 + [False] * 6


def test_500_random_series_equal_the_reference(charted: dict[str, list[dict[str, Any]]]) -> None:
    seen: dict[str, int] = {}
    for name, (kind, baseline, points) in everything().items():
        expected = chart(kind, points, baseline, LIMITS)
        assert len(charted[name]) == len(points)
        for row, point, judged in zip(charted[name], points, expected, strict=True):
            signal = "+".join(judged.signals) or None
            assert (row["signal"], row["is_baseline"]) == (signal, judged.is_baseline), name
            seen[signal or ""] = seen.get(signal or "", 0) + 1
            if judged.center is None:
                assert row["center"] is None
                continue
            assert row["center"] == pytest.approx(float(judged.center), abs=1e-12)
            if kind == "p":
                limits = (row["lower_limit"], row["upper_limit"])
                assert limits == pytest.approx(p_limits(point, judged.center), abs=1e-12)
            else:
                assert row["lower_limit"] is row["upper_limit"] is None
    # every rule spoke, alone and with others
    assert {"", "beyond_limit", "shift", "trend", "runs", "shift+runs", "shift+trend"} <= seen.keys()


def ways_by_runs(most: int) -> dict[tuple[int, int], Counter[int]]:
    """(points below, points above) -> runs -> in how many orders: built point by point, no formula."""
    # by the side of the last point too: a point on the other side begins a run
    ways: dict[tuple[int, int, str], Counter[int]] = defaultdict(Counter)
    ways[1, 0, "below"][1] = ways[0, 1, "above"][1] = 1
    for below, above in itertools.product(range(most + 1), repeat=2):
        if below + above < 2:
            continue
        for side, other, before in (("below", "above", (below - 1, above)), ("above", "below", (below, above - 1))):
            for begins, last in enumerate((side, other)):
                for runs, orders in ways[(*before, last)].items():
                    ways[below, above, side][runs + begins] += orders
    return {
        key: ways[(*key, "below")] + ways[(*key, "above")] for key in itertools.product(range(1, most + 1), repeat=2)
    }


def test_limits_of_runs_are_the_5_percent_points_of_chance() -> None:
    """Every row of the seed from the exact distribution: the last number of runs that chance reaches in 5% at most."""
    assert list(LIMITS) == list(range(10, 61))
    known = ways_by_runs(30)
    for n, limits in LIMITS.items():
        ways = known[n // 2, n - n // 2]
        total = comb(n, n // 2)
        assert ways.total() == total
        few = [runs for runs in ways if 20 * sum(k for r, k in ways.items() if r <= runs) <= total]
        many = [runs for runs in ways if 20 * sum(k for r, k in ways.items() if r >= runs) <= total]
        assert limits == (max(few), min(many)), n
    # and some of them as run chart guides print them: beyond is a signal, the limit itself is none
    assert [LIMITS[n] for n in (10, 12, 14, 16, 18, 20, 22, 24)] == [
        (3, 9), (3, 11), (4, 12), (5, 13), (6, 14), (6, 16), (7, 17), (8, 18),
    ]  # fmt: skip
