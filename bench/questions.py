"""How long the questions of examples/ take on a release, warm, by tier: what an analyst waits for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from examples.questions import TIERS, Question, ask, districts, load

LIMIT_MS = {"public": 20.0, "partner": 20.0, "restricted": 100.0}
WARM_UP, CALLS = 3, 20


@dataclass(frozen=True)
class Waited:
    """One tier: 95th percentile over all calls of its questions, and the question that takes longest by its own."""

    tier: str
    questions: int
    p95_ms: float
    slowest: str
    slowest_p95_ms: float

    @property
    def is_over(self) -> bool:
        """Whether it takes longer than an analyst should wait."""
        return self.p95_ms >= LIMIT_MS[self.tier]


def measure(release: Path) -> list[Waited]:
    """Ask each question WARM_UP + CALLS times on one open connection; restricted ones in the largest database."""
    largest = max(districts(release), key=lambda name: (release / "restricted" / name / "core.duckdb").stat().st_size)
    return [_of_tier(tier, [q for q in load() if q.tier == tier], release, largest) for tier in TIERS]


def _of_tier(tier: str, questions: Sequence[Question], release: Path, district: str) -> Waited:
    with duckdb.connect(str(questions[0].database(release, district)), read_only=True) as con:
        calls = {question.file: _calls(question, con) for question in questions}
    slowest = max(calls, key=lambda file: p95(calls[file]))
    return Waited(
        tier, len(calls), p95([ms for of_one in calls.values() for ms in of_one]), slowest, p95(calls[slowest])
    )


def _calls(question: Question, con: duckdb.DuckDBPyConnection) -> list[float]:
    taken = []
    for _ in range(WARM_UP + CALLS):
        began = time.perf_counter()
        ask(question, con)
        taken.append(1000 * (time.perf_counter() - began))
    return taken[WARM_UP:]


def p95(taken: Sequence[float]) -> float:
    """The smallest of the values that at least 95% of them do not exceed."""
    return sorted(taken)[-(-95 * len(taken) // 100) - 1]


def table(sizes: Sequence[tuple[int, Sequence[Waited]]]) -> list[str]:
    """The measurements as a Markdown table, a row per tier."""
    lines = [
        "| questions of tier | limit ms | "
        + " | ".join(f"{students:,}: p95 ms | slowest, its p95 ms" for students, _ in sizes)
        + " | over |",
        "|---|---:|" + "---:|---|" * len(sizes) + "---|",
    ]
    for of_tier in zip(*(waited for _, waited in sizes), strict=True):
        cells = " | ".join(f"{one.p95_ms:.1f} | {one.slowest}, {one.slowest_p95_ms:.1f}" for one in of_tier)
        last = of_tier[-1]
        over = "YES" if last.is_over else "no"
        lines.append(f"| {last.tier} ({last.questions}) | {LIMIT_MS[last.tier]:.0f} | {cells} | {over} |")
    return lines
