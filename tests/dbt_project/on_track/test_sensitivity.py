"""The variants worked in domain.md section 13, as choices of metric_quality."""

from __future__ import annotations

import duckdb
import pytest

from tests.golden.students import COHORT


@pytest.mark.parametrize(
    ("metric", "choice", "numerator", "denominator"),
    [
        ("movement_rate", "plus_minus_keep", 2, 12),
        ("movement_rate", "include_summer", 4, 12),
        ("movement_rate", "denominator_below_top", 3, 10),
        ("movement_rate", "denominator_whole_cohort", 3, 15),
        # 14 stays in lane 4 (the social science mark is low all the same), 13 in lane 2 with two F
        ("movement_rate", "np_not_f", 3, 12),
        ("movement_rate", "incomplete_not_f", 3, 12),
        # 02 would have 18 of 180 days absent, which is not more than 90%: 2 to 2
        ("movement_rate", "attendance_majority", 2, 12),
        ("vulnerable_rate", "attendance_majority", 6, 13),
        # 13 is in lane 3 with summer
        ("vulnerable_rate", "include_summer", 4, 13),
        ("vulnerable_rate", "denominator_whole_cohort", 5, 15),
        # 14 has 30 graded credits and nobody fewer than 20
        ("coverage", "min_graded_credits_20", 12, 15),
        # 16 ends in the lane where it began, and does not rise
        ("movement_rate", "suspension_full_day", 3, 12),
        # who is credited to which school changes nothing for all together
        ("movement_rate", "attribution_stable", 3, 12),
        ("off_track_rate_9_10", "denominator_whole_cohort", 2, 15),
        ("off_track_rate_9_10", "plus_minus_keep", 2, 12),
    ],
)
def test_variants(
    golden: duckdb.DuckDBPyConnection, metric: str, choice: str, numerator: int, denominator: int
) -> None:
    """Before anything is hidden: sixteen students are few."""
    rows = golden.execute(
        "select numerator, denominator, default_numerator, default_denominator from on_track.sensitivity_figure "
        f"where level = 'collaborative' and cohort_year = {COHORT} and metric_code = ? and choice = ?",
        [metric, choice],
    ).fetchall()
    usual = {"movement_rate": (3, 12), "vulnerable_rate": (5, 13), "coverage": (12, 15), "off_track_rate_9_10": (2, 12)}
    assert rows == [(numerator, denominator, *usual[metric])]


def test_simple_levels_collapse_the_two_highest(golden: duckdb.DuckDBPyConnection) -> None:
    """05 stays, 02, 03 and 07 rise as before; nobody moves between lanes 4 and 5 upwards."""
    rows = golden.execute(
        "select numerator, denominator from on_track.sensitivity_figure where level = 'collaborative' and cohort_year = ? "
        "and metric_code = 'movement_rate' and choice = 'scheme_simple4'",
        [COHORT],
    ).fetchall()
    assert rows == [(3, 12)]


def test_part_days_of_suspension_are_no_full_day(golden: duckdb.DuckDBPyConnection) -> None:
    """16 has 0.9 days in grade 9: lane 5 instead of 3. 04 has one full day in grade 8 and stays in lane 3 there."""
    lanes = golden.execute(
        "select right(person_id, 2), snapshot_code, choice, lane from on_track.sensitivity_lane "
        "where choice in ('default', 'suspension_full_day') and cohort_year = ? "
        "and (right(person_id, 2), snapshot_code) in (('16', 'G9_EOY'), ('04', 'G8_EOY')) order by all",
        [COHORT],
    ).fetchall()
    assert lanes == [
        ("04", "G8_EOY", "default", 3),
        ("04", "G8_EOY", "suspension_full_day", 3),
        ("16", "G9_EOY", "default", 3),
        ("16", "G9_EOY", "suspension_full_day", 5),
    ]


def test_a_stable_stay_is_asked_of_the_school_alone(golden: duckdb.DuckDBPyConnection) -> None:
    """14 of the 15 have more than 30 days at their school (12 has 20). 08 has no day of their own there (companion_rows)
    and so no stable stay: still a member, of the district."""
    credited = golden.execute(
        "select choice, sum(n_members) filter (where school_code is not null), sum(n_members) "
        "from on_track.sensitivity_count where cohort_year = ? and choice in ('default', 'attribution_stable') "
        "group by choice order by choice",
        [COHORT],
    ).fetchall()
    assert credited == [("attribution_stable", 13, 15), ("default", 14, 15)]
