"""What an analyst waits for: the percentile, the table, and that a tier over its limit is said to be."""

from __future__ import annotations

import pytest

from bench.questions import Waited, measure, p95, table
from examples.questions import load


def test_p95_is_the_value_that_95_of_100_do_not_exceed():
    assert p95([float(n) for n in range(100, 0, -1)]) == 95
    assert p95([float(n) for n in range(1, 21)]) == 19
    assert p95([7.0]) == 7


def test_a_tier_over_its_limit_is_marked():
    small = [Waited("public", 6, 3.0, "01.sql", 4.0)]
    large = [Waited("public", 6, 20.0, "02.sql", 31.0)]
    assert table([(10_000, small), (100_000, large)])[2:] == [
        "| public (6) | 20 | 3.0 | 01.sql, 4.0 | 20.0 | 02.sql, 31.0 | YES |"
    ]
    assert table([(100_000, large), (10_000, small)])[2].endswith("| no |")


@pytest.mark.pipeline
def test_every_question_of_the_sample_is_measured(sample, monkeypatch):
    monkeypatch.setattr("bench.questions.WARM_UP", 0)
    monkeypatch.setattr("bench.questions.CALLS", 2)
    waited = measure(sample.current)
    assert [one.tier for one in waited] == ["public", "partner", "restricted"]
    assert sum(one.questions for one in waited) == len(load())
    assert all(0 < one.p95_ms <= one.slowest_p95_ms for one in waited)
