"""The delivery suite holds what is above its limit, says which, and knows every kind of measure there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expectations.deliveries import ASKS, DeliveryJudge
from pipelines.landing import measures
from pipelines.landing.measures import CheckMeasure


def measure(name: str, n: float, limit: float) -> CheckMeasure:
    return CheckMeasure(
        name, "north", "2024-07-01", "marks", n, limit, "marks.csv, line 7", "Send it again.", "a thing"
    )


@pytest.fixture(scope="module")
def judge() -> DeliveryJudge:
    return DeliveryJudge()


def test_what_is_within_its_limit_is_accepted(judge: DeliveryJudge) -> None:
    assert judge([]) == []
    assert judge([measure("rejected_share", 0.02, 0.02), measure("missing_required_file", 0, 0)]) == []


def test_what_is_above_its_limit_holds_and_keeps_its_words(judge: DeliveryJudge) -> None:
    bad, worse = measure("rejected_share", 0.0200001, 0.02), measure("missing_column", 1, 0)
    assert judge([measure("row_drop_share", 0.1, 0.2), bad, worse]) == [bad, worse]
    assert "marks.csv, line 7" in str(worse) and "Send it again." in str(worse)
    assert judge([measure("row_drop_share", 0.1, 0.2)]) == [], "one delivery's fault is not the next one's"


def test_a_kind_that_nobody_described_still_holds(judge: DeliveryJudge) -> None:
    new = measure("something_new", 1, 0)
    assert judge([new]) == [new]
    assert [verdict.name for verdict in judge.verdicts if verdict.status == "failed"][-1] == "delivery.measure: other"


def test_every_kind_that_landing_measures_is_described() -> None:
    source = Path(measures.__file__).read_text()
    kinds = set(re.findall(r'_one\(\s*"([a-z_]+)"', source)) | set(re.findall(r'\(\s*"([a-z_]+)", "max_', source))
    assert kinds == set(ASKS)
