"""Months and marking periods of the published sample against a plain computation from the true facts; what public shows."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import duckdb
import pytest

from tests.reference import facts, series
from tests.support.nightly import districts

pytestmark = pytest.mark.pipeline
POINTS = (
    "select measure_code, level, entity_code, period_start, numerator, n, suppression{more} from improvement_series "
    "where group_code = 'ALL' and level in ('collaborative', 'district', 'school') and measure_code in "
    "(select measure_code from series_measure where metric_code is null and not starts_with(period_kind, 'progress'))"
)


def points(sample: Any, tier: str, more: str = "") -> dict[tuple[Any, ...], tuple[Any, ...]]:
    con = duckdb.connect(str(sample.current / tier / "core.duckdb"), read_only=True)
    rows = con.execute(POINTS.format(more=more)).fetchall()
    con.close()
    return {row[:4]: row[4:] for row in rows}


def test_every_month_and_term_is_as_the_reference_says(sample, regenerated, sample_as_of):
    """Numbers of days, marks and students of every shown point, which points there are, and which are open."""
    known = facts.load(regenerated / "_truth", sample_as_of, series.ENTITIES)
    known.districts.update(districts())
    wanted = {
        (measure, level, entity, start): (float(sums.n[measure]), float(sums.of[measure]), sums.is_open)
        for (level, entity, start), sums in series.Series(known, sample_as_of).sums.items()
        for measure in sums.of
    }
    found = points(sample, "partner", ", is_provisional")
    assert found.keys() == wanted.keys()
    differing = [
        (key, row, wanted[key])
        for key, row in found.items()
        if row[3] != wanted[key][2]
        or (row[2] == "none" and (abs(row[0] - wanted[key][0]) > 1e-9 or row[1] != wanted[key][1]))
    ]
    assert not differing, differing[:5]
    assert sum(row[2] == "none" for row in found.values()) > 2000
    assert {row[3] for row in found.values()} == {True, False}


def test_no_public_total_less_its_parts_speaks_of_few(sample):
    """Schools of a district, and districts, stand together or not at all, and so do the core subjects of one place."""
    shown = points(sample, "public")
    assert sum(row[2] == "none" for row in shown.values()) > 500
    partner = points(sample, "partner", ", is_provisional")
    together: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for (measure, level, entity, start), (numerator, n, suppression) in shown.items():
        if suppression == "none":
            assert partner[measure, level, entity, start] == (numerator, n, "none", False)
            assert min(numerator, n - numerator) >= 11
        subject = measure.startswith("df_marks_") and measure.count("_") > 2
        system = "subjects" if subject else measure
        together[system, level, entity[:7] if level == "school" else "", start].add(suppression)
    assert {frozenset(found) for found in together.values()} == {frozenset({"none"}), frozenset({"suppressed"})}
    for (system, level, district, start), found in together.items():
        if found == {"none"} and level == "school":
            assert together[system, "district", "", start] == {"none"}, "a district would be the sum of its schools"
        if found == {"none"} and level == "district":
            assert together[system, "collaborative", "", start] == {"none"}
        assert district or level != "school"
