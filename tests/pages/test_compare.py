"""metric_change and similar_school of the sample, worked out again in plain Python from table metric."""

from __future__ import annotations

import math
from fractions import Fraction
from statistics import NormalDist

import duckdb
import pytest

Z = NormalDist().inv_cdf(0.975)
FIGURES = {
    ("movement_rate", "G9_EOY", "G8_EOY"),
    ("vulnerable_rate", "G9_EOY", None),
    ("off_track_rate_9_10", "G10_EOY", "G9_EOY"),
    ("move_up_9_10", "G10_EOY", "G9_EOY"),
}
GROUPS = ("EL_RFEP", "SED", "SWD", "AA", "AS", "HI", "WH")
HIGHER_IS_BETTER = {"movement_rate", "move_up_9_10"}


def wilson(x: int, n: int) -> tuple[float, float]:
    p = x / n
    half = Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (p + Z * Z / (2 * n) - half) / (1 + Z * Z / n), (p + Z * Z / (2 * n) + half) / (1 + Z * Z / n)


def test_years_are_set_side_by_side_by_the_interval_of_their_difference(partner: duckdb.DuckDBPyConnection) -> None:
    shown = {
        (code, snapshot, basis, level, entity, group, rule_set, year): (x, n)
        for code, snapshot, basis, level, entity, group, rule_set, year, x, n in partner.execute(
            "select metric_code, snapshot_code, basis, level, entity_code, group_code, rule_set, cohort_year, numerator, "
            "denominator from metric where suppression = 'none' and numerator is not null and value is not null"
        ).fetchall()
        if (code, snapshot, basis) in FIGURES
    }
    expected = {}
    for (*key, year), (x, n) in shown.items():
        if (before := shown.get((*key, year - 1))) is not None:
            y, m = before
            (low, high), (low_before, high_before) = wilson(x, n), wilson(y, m)
            gap = x / n - y / m
            bottom = gap - math.sqrt((x / n - low) ** 2 + (high_before - y / m) ** 2)
            top = gap + math.sqrt((high - x / n) ** 2 + (y / m - low_before) ** 2)
            better = (gap > 0) == (key[0] in HIGHER_IS_BETTER)
            clear = bottom > 0 or top < 0
            expected[(*key, year)] = (
                gap,
                bottom,
                top,
                ("better" if better else "worse") if clear else "no_clear_change",
            )
    found = {
        tuple(row[:8]): row[8:]
        for row in partner.execute(
            "select metric_code, snapshot_code, basis, level, entity_code, group_code, rule_set, cohort_year, change, "
            "change_ci_low, change_ci_high, verdict from metric_change"
        ).fetchall()
    }
    assert len(found) > 3000 and found.keys() == expected.keys()
    assert {verdict for *_, verdict in found.values()} == {"better", "worse", "no_clear_change"}
    for key, (gap, bottom, top, verdict) in expected.items():
        assert found[key][:3] == pytest.approx((gap, bottom, top), abs=1e-9), key
        assert found[key][3] == verdict, key


def test_similar_schools_are_those_of_the_rule(partner: duckdb.DuckDBPyConnection) -> None:
    rows = partner.execute(
        "select entity_code, group_code, denominator from metric where level = 'school' and rule_set = 'core5_v1' "
        "and metric_code = 'vulnerable_rate' and snapshot_code = 'G9_EOY' and basis is null and suppression = 'none' "
        "and numerator is not null and not is_provisional and cohort_year = 2026"
    ).fetchall()
    counted = {(school, group): n for school, group, n in rows}
    sizes = {school: n for (school, group), n in counted.items() if group == "ALL"}
    expected = {}
    for school, n in sizes.items():
        near = []
        for other, m in sizes.items():
            known = [group for group in GROUPS if (school, group) in counted and (other, group) in counted]
            if other == school or 3 * m < 2 * n or 2 * m > 3 * n or len(known) < 2:
                continue
            apart = sum(
                abs(Fraction(counted[school, group], n) - Fraction(counted[other, group], m)) for group in known
            ) / len(known)
            near.append((apart, abs(m - n), other))
        expected[school] = [other for _, _, other in sorted(near)[:5]]
    found: dict[str, list[str]] = {}
    for school, other in partner.execute(
        "select school_code, similar_school_code from similar_school order by school_code, position"
    ).fetchall():
        found.setdefault(school, []).append(other)
    assert len(found) > 8
    assert found == {school: others for school, others in expected.items() if others}
