"""Tables equity_gap, school_spread and school_funnel on figures written by hand: vector V4, and where nothing stands."""

from __future__ import annotations

from math import sqrt
from typing import Any

import duckdb
import pytest

from tests.dbt_project.improvement.aim_rows import NORTH, SOUTH, school

Row = dict[str, Any]
GAPS = ("gap_pp", "gap_ci_low", "gap_ci_high", "gap_all_pp", "risk_ratio", "index_all", "rri", "to_parity")


def read(con: duckdb.DuckDBPyConnection, table: str, *key: str) -> dict[tuple[Any, ...], Row]:
    found = con.execute(f"select * from partner.{table} where cohort_year = 2023 and rule_set = 'core5_v1'")
    names = [c[0] for c in found.description]
    listed = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    by_key = {tuple(row[column] for column in key): row for row in listed}
    assert len(by_key) == len(listed)
    return by_key


@pytest.fixture(scope="module")
def gaps(improved: duckdb.DuckDBPyConnection) -> dict[tuple[Any, ...], Row]:
    return read(improved, "equity_gap", "metric_code", "entity_code", "group_code")


def wilson(x: int, n: int) -> tuple[float, float]:
    z = 1.959963984540054
    center, half = x + z * z / 2, z * sqrt(x * (n - x) / n + z * z / 4)
    return (center - half) / (n + z * z), (center + half) / (n + z * z)


def test_v4(gaps: dict[tuple[Any, ...], Row]) -> None:
    row = gaps["off_track_rate_9_10", "CORE", "EL"]
    assert (row["n_group"], row["n_not_group"], row["n_all"], row["rate_all"]) == (60, 140, 200, 0.325)
    assert (row["rate_group"], row["rate_not_group"]) == (0.5, 0.25)
    assert (row["gap_pp"], row["gap_all_pp"], row["risk_ratio"]) == (0.25, 0.175, 2.0)
    assert row["index_all"] == pytest.approx(1.538, abs=0.0005)
    assert (row["to_parity"], row["suppression"], row["no_gap_reason"]) == (15, "none", None)
    # the reference group of English learners is all others
    assert (row["reference_code"], row["rri"]) == ("NOT_EL", 2.0)


def test_interval_of_the_gap_is_newcombes(gaps: dict[tuple[Any, ...], Row]) -> None:
    row = gaps["off_track_rate_9_10", "CORE", "EL"]
    (l1, u1), (l2, u2) = wilson(30, 60), wilson(35, 140)
    assert row["gap_ci_low"] == pytest.approx(0.25 - sqrt((0.5 - l1) ** 2 + (u2 - 0.25) ** 2), abs=1e-12)
    assert row["gap_ci_high"] == pytest.approx(0.25 + sqrt((u1 - 0.5) ** 2 + (0.25 - l2) ** 2), abs=1e-12)


def test_newcombes_own_example() -> None:
    """56/70 less 48/80 in Newcombe (1998), table II, method 10: 0.0524 to 0.3339."""
    (l1, u1), (l2, u2) = wilson(56, 70), wilson(48, 80)
    assert 0.2 - sqrt((0.8 - l1) ** 2 + (u2 - 0.6) ** 2) == pytest.approx(0.0524, abs=5e-5)
    assert 0.2 + sqrt((u1 - 0.8) ** 2 + (0.6 - l2) ** 2) == pytest.approx(0.3339, abs=5e-5)


def test_without_a_not_group_the_others_are_all_less_the_group(gaps: dict[tuple[Any, ...], Row]) -> None:
    row = gaps["off_track_rate_9_10", "CORE", "HI"]
    assert (row["n_not_group"], row["rate_not_group"], row["gap_pp"]) == (100, 0.15, 0.35)
    assert (row["to_parity"], row["reference_code"], row["rri"]) == (35, "WH", 3.0)
    assert gaps["off_track_rate_9_10", "CORE", "WH"]["to_parity"] == 0
    assert ("off_track_rate_9_10", "CORE", "NOT_EL") not in gaps


def test_parity_goes_by_the_better_direction_and_is_rounded_up(gaps: dict[tuple[Any, ...], Row]) -> None:
    row = gaps["movement_rate", NORTH, "F"]
    assert (row["gap_pp"], row["to_parity"]) == (-0.4, 20)
    assert gaps["movement_rate", NORTH, "M"]["to_parity"] == 0
    # 33 x (21/33 - 22/41) = 3.29
    assert gaps["any_f_core_rate", NORTH, "F"]["to_parity"] == 4


def test_both_sides_have_20_students_or_there_is_no_gap(gaps: dict[tuple[Any, ...], Row]) -> None:
    few, rest = gaps["off_track_rate_9_10", "CORE", "AA"], gaps["off_track_rate_9_10", "CORE", "M"]
    assert (few["n_group"], few["no_gap_reason"]) == (19, "too_few")
    # 15 others are nobody's figure: they are not shown
    assert (rest["n_group"], rest["n_not_group"], rest["rate_not_group"], rest["no_gap_reason"]) == (185, None, None, "too_few")  # fmt: skip
    for row in (few, rest):
        assert [row[name] for name in GAPS] == [None] * 8
    # 20 on the one side are enough, a reference group of 19 is not
    sed, hispanic = gaps["movement_rate", NORTH, "SED"], gaps["movement_rate", NORTH, "HI"]
    assert (sed["n_not_group"], sed["gap_pp"]) == (20, 0.125)
    assert (hispanic["gap_pp"], hispanic["reference_code"], hispanic["rri"]) == (0, "WH", None)


def test_what_metric_hides_is_not_here(gaps: dict[tuple[Any, ...], Row]) -> None:
    assert ("off_track_rate_9_10", "CORE", "AS") not in gaps
    row = gaps["off_track_rate_9_10", "CORE", "SWD"]
    assert (row["suppression"], row["no_gap_reason"]) == ("suppressed", "hidden")
    shown = (*GAPS, "n_group", "n_not_group", "n_all", "rate_group", "rate_not_group", "rate_all")
    assert [row[name] for name in shown] == [None] * len(shown)


def test_ratios_to_nothing_are_unknown(gaps: dict[tuple[Any, ...], Row]) -> None:
    homeless = gaps["off_track_rate_9_10", "CORE", "HOMELESS"]
    assert (homeless["rate_not_group"], homeless["gap_pp"], homeless["risk_ratio"], homeless["rri"]) == (0, 0.3, None, None)  # fmt: skip
    foster = gaps["off_track_rate_9_10", "CORE", "FOSTER"]
    assert (foster["n_not_group"], foster["gap_pp"], foster["no_gap_reason"]) == (None, None, "nobody_else")
    assert foster["suppression"] == "none"


def test_only_rates_of_students_are_compared(gaps: dict[tuple[Any, ...], Row]) -> None:
    assert {metric for metric, _, _ in gaps} == {"off_track_rate_9_10", "movement_rate", "any_f_core_rate"}


def test_spread_beyond_chance(improved: duckdb.DuckDBPyConnection) -> None:
    """10, 20, 30 and 60 of 100: mean 0.3; sum of n (rate - mean)^2 = 14, three times 0.21 by chance alone."""
    spread = read(improved, "school_spread", "metric_code", "entity_code")
    row = spread["any_df_core_rate", NORTH]
    assert (row["n_schools"], row["n_students"], row["mean_rate"]) == (4, 400, 0.3)
    assert (row["lowest_rate"], row["highest_rate"]) == (0.1, 0.6)
    assert row["observed_sd"] == pytest.approx(sqrt(14 / 400), abs=1e-12)
    assert row["chance_sd"] == pytest.approx(sqrt(3 * 0.21 / 400), abs=1e-12)
    assert row["between_sd"] == pytest.approx(sqrt((14 - 0.63) / (400 - 100)), abs=1e-12)
    assert row["dispersion"] == pytest.approx(14 / 0.63, abs=1e-9)
    assert (row["n_outside_95"], row["n_below_95"], row["n_above_95"]) == (3, 2, 1)
    assert (row["n_outside_998"], row["n_below_998"], row["n_above_998"]) == (2, 1, 1)
    # two schools alike, at zero: no spread, and nothing to hold it against
    south = spread["any_df_core_rate", SOUTH]
    assert (south["n_schools"], south["between_sd"], south["dispersion"], south["n_outside_95"]) == (2, 0, None, 0)
    # all six, of which one is outside both ways of looking
    assert (spread["any_df_core_rate", "CORE"]["n_schools"], spread["any_df_core_rate", "CORE"]["mean_rate"]) == (6, 0.24)  # fmt: skip


def test_place_of_a_school_in_the_funnel(improved: duckdb.DuckDBPyConnection) -> None:
    funnel = read(improved, "school_funnel", "metric_code", "entity_code", "school_code")
    sides = {
        letter: (row["position_95"], row["position_998"])
        for letter in "ABCD"
        for row in [funnel["any_df_core_rate", NORTH, school(letter)]]
    }
    assert sides == {"A": ("below", "below"), "B": ("below", "inside"), "C": ("inside", "inside"), "D": ("above", "above")}  # fmt: skip
    row, half = funnel["any_df_core_rate", NORTH, school("A")], sqrt(0.21 / 100)
    assert (row["lower_95"], row["upper_95"]) == (pytest.approx(0.3 - 1.959964 * half, abs=1e-8), pytest.approx(0.3 + 1.959964 * half, abs=1e-8))  # fmt: skip
    assert (row["lower_998"], row["upper_998"]) == (pytest.approx(0.3 - 3.0902323062 * half, abs=1e-8), pytest.approx(0.3 + 3.0902323062 * half, abs=1e-8))  # fmt: skip
    # 19 students are too few, and a hidden school is nowhere
    assert not {key for key in funnel if key[2] in (school("X"), school("H")) and key[0] == "any_df_core_rate"}
