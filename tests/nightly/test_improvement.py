"""Aims, gaps and spread of the sample: every row of the partner and the public tier as worked out a second time."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import duckdb
import pytest

from tests.reference.aims import Aims
from tests.reference.improvement import Published, funnels, gaps, position, spread

pytestmark = pytest.mark.pipeline
FIGURE = ("metric_code", "cohort_year", "snapshot_code", "basis", "level", "entity_code", "rule_set")
ENTITY = ("metric_code", "cohort_year", "snapshot_code", "basis", "rule_set", "level", "entity_code")


@pytest.fixture(scope="module")
def tiers(sample) -> dict[str, Published]:
    tiers = ("partner", "public")
    return {t: Published(duckdb.connect(str(sample.current / t / "core.duckdb"), read_only=True)) for t in tiers}


def rows(tier: Published, table: str, *key: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = tier.con.execute(f"select * from {table}")
    names = [c[0] for c in found.description]
    listed = found.fetchall()
    at = [names.index(column) for column in key]
    by_key = {tuple(row[i] for i in at): dict(zip(names, row, strict=True)) for row in listed}
    assert len(by_key) == len(listed)
    return by_key


def differences(found: dict[tuple[Any, ...], dict[str, Any]], expected: dict[tuple[Any, ...], dict[str, Any]]) -> Counter[str]:  # fmt: skip
    """What differs, and how often; what is worked out by roots within a billionth, anything else to the last digit."""
    counted: Counter[str] = Counter()
    counted["missing"], counted["not expected"] = (
        len(expected.keys() - found.keys()),
        len(found.keys() - expected.keys()),
    )
    for key in found.keys() & expected.keys():
        for column, value in expected[key].items():
            is_close = column.endswith(("_sd", "_low", "_high", "dispersion"))
            other = found[key][column]
            same = other == value or (
                is_close and None not in (value, other) and math.isclose(other, value, rel_tol=1e-9, abs_tol=1e-9)
            )
            counted[column] += not same
    return +counted


@pytest.mark.parametrize("tier", ["partner", "public"])
def test_every_row_of_aim_progress(tiers, tier):
    internal = ("member", "pairs", "reasons")
    expected = {
        key: {column: value for column, value in row.items() if column not in internal}
        for key, row in Aims(tiers[tier], tiers["partner"]).rows()
    }
    found = rows(tiers[tier], "aim_progress", "school_code", "cohort_year", "rule_set")
    assert differences(found, expected) == {}
    assert len(found) > 10
    if tier == "partner":
        assert sum(row["aim_met"] is not None for row in found.values()) > 10


@pytest.mark.parametrize("tier", ["partner", "public"])
def test_every_row_of_equity_gap(tiers, tier):
    expected = {(*cell, group): row for (cell, group), row in gaps(tiers[tier])}
    found = rows(tiers[tier], "equity_gap", *FIGURE, "group_code")
    assert differences(found, expected) == {}
    if tier == "partner":
        assert sum(row["gap_pp"] is not None for row in found.values()) > 10_000


@pytest.mark.parametrize("tier", ["partner", "public"])
def test_every_row_of_school_spread_and_school_funnel(tiers, tier):
    of_entity = dict(funnels(tiers[tier]))
    found = rows(tiers[tier], "school_spread", *ENTITY)
    assert differences(found, {key: spread(schools) for key, schools in of_entity.items()}) == {}
    expected = {}
    for key, schools in of_entity.items():
        mean = Fraction(sum(x for _, x, _ in schools), sum(n for _, _, n in schools))
        for code, x, n in schools:
            sides = position(x, n, mean)
            expected[*key, code] = {"n": n, "value": x / n, "mean_rate": float(mean), "position_95": sides["95"], "position_998": sides["998"]}  # fmt: skip
    assert differences(rows(tiers[tier], "school_funnel", *ENTITY, "school_code"), expected) == {}
    if tier == "partner":
        assert len(expected) > 1_000


def test_the_comparison_sees_a_difference(tiers):
    found = rows(tiers["partner"], "school_spread", *ENTITY)
    key = min(found, key=str)
    planted = {**found, key: {**found[key], "n_schools": 0}}
    assert differences(planted, found) == {"n_schools": 1}
    assert differences({k: v for k, v in found.items() if k != key}, found) == {"missing": 1}
