"""Table metric_quality on counts written by hand: who changes side of an aim, and what may be shown."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from tests.dbt_project.validity.counted_rows import CHANGES, DISTRICT_OF, MOVED, NORTH, SOUTH, A, B, C, E

Row = dict[str, Any]


@pytest.fixture(scope="module")
def rows(built: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, int, str], Row]:
    found = built.execute("select * from partner.metric_quality")
    names = [c[0] for c in found.description]
    listed = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {(r["metric_code"], r["entity_code"], r["cohort_year"], r["choice"]): r for r in listed}


def shown(rows: dict[tuple[str, str, int, str], Row], choice: str, metric: str = "movement_rate") -> set[str]:
    """Entities whose figure of 2025 under the choice stands."""
    return {k[1] for k, r in rows.items() if k[0] == metric and k[2:] == (2025, choice) and r["suppression"] == "none"}


def counts(choice: str, cohort: int, entity: str) -> tuple[int, int]:
    """Moved up and both lanes of a school, district or of all, added up from the hand-written counts."""
    places = [p for p in MOVED[cohort] if entity in ("CORE", p, DISTRICT_OF.get(p, p))]
    pairs = [CHANGES.get((choice, cohort, p), MOVED[cohort][p]) for p in places]
    return sum(up for up, _ in pairs), sum(both for _, both in pairs)


def test_values_and_differences(rows: dict[tuple[str, str, int, str], Row]) -> None:
    n_checked = 0
    for (metric, entity, cohort, choice), row in rows.items():
        if metric != "movement_rate":
            continue
        if row["suppression"] == "suppressed":
            assert all(row[c] is None for c in ("n", "n_default", "value", "value_default", "difference"))
            continue
        up, both = counts("default", cohort, entity)
        chosen_up, chosen_both = counts(choice, cohort, entity)
        n_places = sum(entity in ("CORE", p, DISTRICT_OF.get(p, p)) for p in MOVED[cohort])
        if choice == "denominator_whole_cohort":
            chosen_both = 80 * n_places
        if choice == "denominator_below_top":
            chosen_both -= 11 * n_places
        assert (row["n_default"], row["value_default"]) == (both, up / both)
        assert (row["n"], row["value"]) == (chosen_both, chosen_up / chosen_both)
        assert row["difference"] == pytest.approx(chosen_up / chosen_both - up / both, abs=1e-15)
        n_checked += 1
    assert n_checked > 100


def test_a_school_changes_side_of_the_aim(rows: dict[tuple[str, str, int, str], Row]) -> None:
    """A rises from 10/50 to 12/50, exactly 20%, and to 11/50 under the choice. B misses the aim either way; C had 19
    students and E nobody who moved in the year before: neither is judged."""
    for entity, judged, changed in ((NORTH, 2, 1), (SOUTH, 0, 0), ("CORE", 2, 1)):
        row = rows["movement_rate", entity, 2025, "np_not_f"]
        assert (row["threshold"], row["n_schools_judged"], row["n_schools_changed_side"]) == ("aim_up", judged, changed)
        assert rows["movement_rate", entity, 2025, "attendance_majority"]["n_schools_changed_side"] == 0
    assert rows["movement_rate", A, 2025, "np_not_f"]["n_schools_judged"] is None
    # nothing comes before the first cohort
    assert rows["movement_rate", "CORE", 2024, "np_not_f"]["n_schools_judged"] == 0


def test_coverage_is_judged_at_80_percent(rows: dict[tuple[str, str, int, str], Row]) -> None:
    """Of 80 members A has 50 with both lanes, 62 under another minimum of credits: 62.5% and 77.5%, below 80% both."""
    row = rows["coverage", "CORE", 2025, "min_graded_credits_10"]
    assert (row["threshold"], row["n_schools_judged"], row["n_schools_changed_side"]) == ("coverage_80", 4, 0)


def test_shown_only_where_metric_shows_the_figure(rows: dict[tuple[str, str, int, str], Row]) -> None:
    everybody = {A, B, C, E, NORTH, SOUTH, "CORE"}
    assert shown(rows, "np_not_f") == everybody - {C}
    # the whole cohort is the denominator of coverage, which is hidden for B
    assert shown(rows, "denominator_whole_cohort") == everybody - {B, C}
    assert shown(rows, "denominator_below_top") == everybody - {C}
    assert shown(rows, "plus_minus_keep") == everybody - {C}
    assert shown(rows, "np_not_f", "coverage") == everybody - {B}


def test_no_difference_isolates_a_few_students(rows: dict[tuple[str, str, int, str], Row]) -> None:
    # three more students at A: neither A nor what A would follow from
    assert shown(rows, "min_days_20") == {E}
    # twelve more are no few
    assert shown(rows, "min_graded_credits_10") == {A, B, E, NORTH, SOUTH, "CORE"}
    # five more students of the district who are credited to no school
    assert shown(rows, "min_graded_credits_20") == {E}


def test_a_metric_without_its_snapshot_has_no_row(rows: dict[tuple[str, str, int, str], Row]) -> None:
    assert not [k for k in rows if k[0] == "off_track_rate_9_10"]
    assert not [k for k in rows if k[0] != "movement_rate" and k[3] == "denominator_below_top"]
    assert not [k for k in rows if k[3] == "default"]
