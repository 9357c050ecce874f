"""State-aligned companions through metric_cell, the partner tier and school_on_track; counted by hand from companion_rows.

First district: the 16 golden students and the mover, of whom 12 (20 days) and 08 (no days here) have no 31 expected days.
Chronic there: 05 (60 of 180). The mover: 6 of 85 there, 12 of 90 in the second district, 18 of 175 together.
"""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.on_track.golden_rows import FIRST, SECOND
from tests.golden.students import COHORT

WHERE = f"cohort_year = {COHORT} and snapshot_code = 'G9_EOY' and basis is null and group_code = 'ALL'"
ENTITY = {
    "collaborative": "CORE",
    "district 1": FIRST,
    "district 2": SECOND,
    "school 1": f"{FIRST}0110002",
    "school 2": f"{SECOND}0110002",
    "network": "BTSC-1",
}


@pytest.mark.parametrize(
    ("entity", "code", "numerator", "denominator"),
    [
        ("collaborative", "chronic_absenteeism_rate", 2, 15),
        ("district 1", "chronic_absenteeism_rate", 1, 15),
        ("school 1", "chronic_absenteeism_rate", 1, 15),
        ("network", "chronic_absenteeism_rate", 1, 15),
        ("district 2", "chronic_absenteeism_rate", 1, 1),
        ("school 2", "chronic_absenteeism_rate", 1, 1),
        ("collaborative", "cumulative_enrollment", 17, 17),
        ("school 1", "cumulative_enrollment", 17, 17),
        ("school 2", "cumulative_enrollment", 1, 1),
        ("collaborative", "census_enrollment", 17, 17),
        ("district 1", "census_enrollment", 17, 17),
        ("collaborative", "stability_rate", 16, 17),
        ("school 2", "stability_rate", 0, 1),
        ("collaborative", "mobility_rate", 1, 17),
        ("school 1", "mobility_rate", 1, 17),
        ("district 2", "mobility_rate", 1, 1),
        ("collaborative", "suspension_rate_any", 1, 17),
        ("collaborative", "suspension_rate_day", 0, 17),
        ("district 1", "suspension_rate_any", 1, 17),
    ],
)
def test_each_level_counts_its_own_days(golden: duckdb.DuckDBPyConnection, entity: str, code: str, numerator: int, denominator: int) -> None:  # fmt: skip
    for rule_set in ("core5_v1", "simple4_v1", "core5_v1_pm"):
        found = golden.execute(
            f"select numerator, denominator from on_track.metric_cell where {WHERE} and metric_code = ? and entity_code = ? and rule_set = ?",
            [code, ENTITY[entity], rule_set],
        ).fetchall()
        assert found == [(numerator, denominator)]


@pytest.mark.parametrize("entity", ["district 2", "school 2"])
def test_no_suspension_rate_without_the_discipline_file(golden: duckdb.DuckDBPyConnection, entity: str) -> None:
    rows = golden.execute(
        f"select 1 from on_track.metric_cell where {WHERE} and metric_code like 'suspension_rate%' and entity_code = ?",
        [ENTITY[entity]],
    ).fetchall()
    assert rows == []


def test_the_collaborative_says_that_a_district_is_left_out(golden: duckdb.DuckDBPyConnection) -> None:
    rows = golden.execute(
        f"select distinct level, warning from on_track.metric_figure where {WHERE} and metric_code = 'suspension_rate_any' order by level"
    ).fetchall()
    assert rows == [("btsc_cohort", None), ("collaborative", "partial_inputs"), ("district", None), ("school", None)]


def test_only_the_school_without_census_day_has_no_row(golden: duckdb.DuckDBPyConnection) -> None:
    rows = golden.execute(
        f"select distinct entity_code from on_track.metric_cell where {WHERE} and metric_code = 'census_enrollment' and level = 'school'"
    ).fetchall()
    assert rows == [(ENTITY["school 1"],)]


def test_small_counts_and_their_complements_are_hidden(golden: duckdb.DuckDBPyConnection) -> None:
    """One student in the second district: the first district is hidden too, and the collaborative stands."""
    rows = golden.execute(
        f"select level, entity_code, display from partner.metric where {WHERE} and metric_code = 'chronic_absenteeism_rate' "
        "and rule_set = 'core5_v1' and level in ('collaborative', 'district') order by all"
    ).fetchall()
    assert rows == [("collaborative", "CORE", "13.3%"), ("district", SECOND, "*"), ("district", FIRST, "*")]


def test_counts_are_shown_as_counts_and_everything_stays_provisional(golden: duckdb.DuckDBPyConnection) -> None:
    shown = golden.execute(
        f"select value, display, ci_low, numerator, denominator from partner.metric where {WHERE} and metric_code = 'cumulative_enrollment' "
        "and level = 'collaborative' and rule_set = 'core5_v1'"
    ).fetchall()
    assert shown == [(17.0, "17", None, 17, 17)]
    codes = "('chronic_absenteeism_rate', 'suspension_rate_any', 'suspension_rate_day', 'census_enrollment', 'cumulative_enrollment', 'stability_rate', 'mobility_rate')"  # fmt: skip
    settled = f"select count(*) from partner.metric where metric_code in {codes} and not is_provisional"
    assert golden.execute(settled).fetchall() == [(0,)]
    public = f"select count(*) from public.metric where metric_code in {codes}"
    assert golden.execute(public).fetchall() == [(0,)]


def test_school_on_track_has_the_rate_of_table_metric(golden: duckdb.DuckDBPyConnection) -> None:
    beside = golden.execute(
        "select s.chronic_absenteeism_rate, s.chronic_absenteeism_rate_n, m.value, m.denominator from partner.school_on_track as s "
        f"join partner.metric as m on m.entity_code = s.school_code and m.rule_set = s.rule_set and m.cohort_year = s.cohort_year "
        "and m.group_code = s.group_code where m.metric_code = 'chronic_absenteeism_rate' and m.level = 'school' "
        f"and m.cohort_year = {COHORT}"
    ).fetchall()
    assert len(beside) == 6  # two schools, three rule sets
    assert all(row[:2] == row[2:] for row in beside)
