"""Table aim_progress on figures written by hand: vector V5, and every reason why a school is not evaluated."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.dbt_project.improvement.aim_rows import (
    AGAIN,
    COVID,
    CROSSED,
    FEW,
    HIDDEN,
    LEFT,
    NEW,
    POLICY,
    TWICE,
    ZERO,
    A,
    B,
    C,
    D,
)

Row = dict[str, Any]
Rows = dict[tuple[str, str | None, int], Row]


def read(con: duckdb.DuckDBPyConnection, tier: str) -> Rows:
    found = con.execute(f"select * from {tier}.aim_progress")
    names = [c[0] for c in found.description]
    listed = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    by_key = {(r["rule_set"], r["school_code"], r["cohort_year"]): r for r in listed}
    assert len(by_key) == len(listed)
    return by_key


@pytest.fixture(scope="module")
def partner(improved: duckdb.DuckDBPyConnection) -> Rows:
    return read(improved, "partner")


@pytest.fixture(scope="module")
def public(improved: duckdb.DuckDBPyConnection) -> Rows:
    return read(improved, "public")


def test_v5_each_bullet(partner: Rows) -> None:
    a, b, c = (partner["core5_v1", code, 2025] for code in (A, B, C))
    assert (a["movement_base"], a["movement_current"], a["movement_met"]) == (0.25, 0.3, True)
    assert a["movement_change"] == pytest.approx(0.2, abs=1e-15)
    assert (a["off_track_base_n"], a["off_track_current_n"], a["off_track_met"], a["aim_met"]) == (130, 130, True, True)
    assert a["off_track_change"] == pytest.approx(-0.22, abs=1e-15)
    # 25.0 to 29.9% is 19.6%, 20.0 to 17.0% is 15%: neither is enough
    assert b["movement_change"] == pytest.approx(0.196, abs=1e-15)
    assert b["off_track_change"] == pytest.approx(-0.15, abs=1e-15)
    assert (b["movement_met"], b["off_track_met"], b["aim_met"]) == (False, False, False)
    # exactly 20% less is met
    assert (c["off_track_change"], c["off_track_met"]) == (pytest.approx(-0.2, abs=1e-15), True)
    assert {partner["core5_v1", code, 2025]["baseline_cohort_year"] for code in (A, B, C, D)} == {2024}


def test_v5_three_schools_of_four_are_the_aim_of_the_network(partner: Rows) -> None:
    network = partner["core5_v1", None, 2025]
    assert (network["n_schools_evaluated"], network["n_schools_met"], network["share_schools_met"]) == (4, 3, 0.75)
    assert (network["aim_met"], network["not_evaluated_reason"], network["is_latest"]) == (True, None, True)
    # of both bullets taken alone
    assert (network["n_schools_movement_met"], network["n_schools_off_track_met"]) == (3, 3)
    # A to D together: 310 of 1,240 before, 371 of 1,240 now
    assert (network["movement_base_n"], network["movement_current_n"], network["movement_n_schools"]) == (1240, 1240, 4)
    assert network["movement_change"] == pytest.approx(371 / 310 - 1, abs=1e-15)
    # its schools joined in different years
    assert (network["movement_met"], network["baseline_cohort_year"]) == (False, None)
    # all others are counted apart: everybody in the network in 2025
    assert network["n_schools"] == 14


def test_counts_behind_the_bullets(partner: Rows) -> None:
    a, b, c, network = (partner["core5_v1", code, 2025] for code in (A, B, C, None))
    assert (a["fewer_vulnerable"], a["more_move_up"]) == (15, 13)
    assert (b["fewer_vulnerable"], b["more_move_up"]) == (-5, -5)
    assert (c["fewer_vulnerable"], c["more_move_up"]) == (None, None)
    assert (network["fewer_vulnerable"], network["more_move_up"], network["vulnerable_n_schools"]) == (10, 8, 2)
    # the 1,000 and the 740 are the network's, and no school's
    assert (network["fewer_vulnerable_met"], network["more_move_up_met"]) == (False, False)
    assert (a["fewer_vulnerable_met"], a["more_move_up_met"]) == (None, None)


@pytest.mark.parametrize(
    ("school_code", "reason"),
    [(FEW, "too_few"), (ZERO, "zero_baseline"), (HIDDEN, "hidden"), (NEW, "no_baseline"), (COVID, "not_comparable"), (TWICE, "no_baseline"),
     (CROSSED, "no_baseline")],
)  # fmt: skip
def test_a_school_that_is_not_evaluated_says_why(partner: Rows, school_code: str, reason: str) -> None:
    row = partner["simple4_v1", school_code, 2025]
    assert (row["aim_met"], row["not_evaluated_reason"]) == (None, reason)


def test_one_bullet_stands_without_the_other(partner: Rows) -> None:
    few, zero, hidden = (partner["simple4_v1", code, 2025] for code in (FEW, ZERO, HIDDEN))
    # 19 students are shown and not judged
    assert (few["movement_current_n"], few["movement_met"], few["off_track_met"]) == (19, None, True)
    # no share of nobody
    assert (zero["movement_base"], zero["movement_change"], zero["movement_met"], zero["off_track_met"]) == (0, None, None, False)  # fmt: skip
    # a hidden figure takes nothing else with it, and is said to be hidden
    assert (hidden["movement_met"], hidden["off_track_base"], hidden["off_track_current"], hidden["suppression"]) == (True, None, 0.16, "suppressed")  # fmt: skip
    assert hidden["off_track_change"] is None
    # a bullet that is missed does not evaluate the school
    assert (zero["off_track_met"], zero["aim_met"]) == (False, None)


def test_figures_of_two_rule_sets_are_never_compared(partner: Rows) -> None:
    assert partner["core5_v1", CROSSED, 2025]["not_evaluated_reason"] == "no_current"
    for rule_set in ("core5_v1", "simple4_v1"):
        assert partner[rule_set, CROSSED, 2025]["movement_change"] is None


def test_a_school_that_left_is_no_longer_of_the_network(partner: Rows) -> None:
    then, after = (partner["simple4_v1", LEFT, year] for year in (2025, 2026))
    assert (then["movement_met"], then["aim_met"], then["not_evaluated_reason"]) == (False, False, None)
    # its figures stand, judged by nobody
    assert (after["movement_current"], after["movement_change"], after["movement_met"]) == (0.4, 1.0, None)
    assert after["not_evaluated_reason"] == "left_network"
    assert partner["core5_v1", None, 2026]["n_schools"] == 13


def test_two_memberships(partner: Rows) -> None:
    # at once: the first one counts
    twice = partner["simple4_v1", TWICE, 2026]
    assert (twice["btsc_cohort"], twice["baseline_cohort_year"], twice["movement_met"]) == ("BTSC-1", 2024, True)
    # one after the other, with a year between
    first, between, second = (partner["simple4_v1", AGAIN, year] for year in (2023, 2024, 2025))
    assert (first["btsc_cohort"], first["baseline_cohort_year"]) == ("BTSC-0", 2022)
    # the cohort of 2022 was in grade 8 in 2021
    assert (first["movement_met"], first["off_track_met"], first["not_evaluated_reason"]) == (None, True, "not_comparable")  # fmt: skip
    assert (between["btsc_cohort"], between["not_evaluated_reason"]) == ("BTSC-0", "left_network")
    assert (second["btsc_cohort"], second["baseline_cohort_year"], second["aim_met"]) == ("BTSC-3", 2024, True)


def test_breaks_of_a_series(partner: Rows) -> None:
    # a district's new policy is a warning
    policy = partner["simple4_v1", POLICY, 2025]
    assert (policy["warning"], policy["movement_met"], policy["off_track_met"]) == ("series_break", False, True)
    # grade 8 of the baseline was in 2020: figures stand, nothing is judged
    covid = partner["simple4_v1", COVID, 2025]
    assert (covid["movement_base"], covid["movement_current"], covid["movement_change"]) == (0.2, 0.24, None)
    assert (covid["movement_met"], covid["off_track_met"]) == (None, None)
    assert partner["core5_v1", C, 2025]["warning"] == "low_coverage"


def test_a_cohort_that_is_not_frozen_yet(partner: Rows) -> None:
    row, network = partner["simple4_v1", TWICE, 2026], partner["simple4_v1", None, 2026]
    assert (row["aim_met"], row["not_evaluated_reason"], row["is_latest"]) == (None, "not_frozen", False)
    assert (network["aim_met"], network["not_evaluated_reason"], network["movement_n_schools"]) == (None, "not_frozen", 1)  # fmt: skip


def test_the_network_sums_whole_cohorts_where_they_are_shown(partner: Rows) -> None:
    """Cohort 3 as a whole is 21 of 103 and 26 of 104; of cohort 1 the schools whose two figures stand."""
    network = partner["simple4_v1", None, 2025]
    assert (network["movement_base_n"], network["movement_current_n"], network["movement_n_schools"]) == (553, 553, 7)
    assert network["movement_base"] == 106 / 553 and network["movement_current"] == 120 / 553
    assert (network["n_schools_evaluated"], network["n_schools_met"], network["aim_met"]) == (3, 1, False)


def test_public_shows_what_its_metric_shows(partner: Rows, public: Rows) -> None:
    assert {rule_set for rule_set, _, _ in public} == {"core5_v1"}
    a, b, c, network = (public["core5_v1", code, 2025] for code in (A, B, C, None))
    assert a == partner["core5_v1", A, 2025]
    # a bound is no figure to be compared
    assert (b["movement_base"], b["movement_current"], b["movement_change"], b["suppression"]) == (0.25, None, None, "coded")  # fmt: skip
    assert (b["not_evaluated_reason"], b["off_track_met"]) == ("hidden", False)
    assert (c["movement_base"], c["not_evaluated_reason"], c["suppression"]) == (None, "hidden", "suppressed")
    assert (network["n_schools_evaluated"], network["n_schools_met"], network["movement_n_schools"]) == (1, 1, 1)
    assert (network["movement_base_n"], network["off_track_base_n"]) == (100, 230)
