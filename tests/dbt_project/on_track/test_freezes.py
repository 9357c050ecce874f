"""What a freeze keeps, what tonight shows beside it, and who counts in which cohort (domain.md section 2)."""

from __future__ import annotations

import duckdb

from tests.dbt_project.on_track.conftest import RESTATED
from tests.dbt_project.on_track.golden_rows import FIRST
from tests.dbt_project.on_track.late_rows import PEOPLE, YEAR
from tests.golden.students import COHORT

WHERE = f"rule_set = 'core5_v1' and cohort_year = {YEAR}"


def rows(con: duckdb.DuckDBPyConnection, table: str, columns: str, name: str, more: str = "true") -> list[tuple]:
    return con.execute(
        f"select {columns} from on_track.{table} where rule_set = 'core5_v1' and person_id = ? and {more} order by all",
        [PEOPLE[name]],
    ).fetchall()


END = "snapshot_code = 'G9_EOY'"


def test_a_frozen_snapshot_does_not_follow_corrections(golden: duckdb.DuckDBPyConnection) -> None:
    assert rows(golden, "student_snapshot", "lane, is_frozen", "corrected", END) == [(5, True)]
    assert rows(golden, "student_snapshot_current", "lane, is_frozen, frozen_on", "corrected", END) == [
        (3, False, None)
    ]


def test_a_restated_snapshot_says_as_of_which_day(golden: duckdb.DuckDBPyConnection) -> None:
    found = dict(
        golden.execute(
            "select snapshot_code, list(distinct frozen_on) from on_track.student_snapshot where district_code = ? "
            f"and cohort_year = {COHORT} and is_frozen group by all",
            [FIRST],
        ).fetchall()
    )
    assert found["G9_EOYS"] == [RESTATED]
    assert RESTATED not in found["G9_EOY"] and len(found["G9_EOY"]) == 1
    elsewhere = golden.execute(
        "select count(*) from on_track.student_snapshot where district_code <> ? and frozen_on = ?", [FIRST, RESTATED]
    ).fetchall()
    assert elsewhere == [(0,)]


def test_tonight_shows_only_what_differs(golden: duckdb.DuckDBPyConnection) -> None:
    assert rows(golden, "student_snapshot_current", "snapshot_code", "mover") == []
    assert golden.execute(
        "select count(*) from on_track.student_snapshot_current where cohort_year = 2025"
    ).fetchall() == [(0,)]


def test_a_student_whom_no_freeze_knew_has_a_row_and_is_in_no_figure(golden: duckdb.DuckDBPyConnection) -> None:
    assert rows(golden, "student_snapshot", "lane, null_reason, is_first_time_grade9", "late", END) == [
        (None, "not_enrolled", False)
    ]
    assert rows(golden, "student_snapshot_current", "lane", "late", END) == [(5,)]
    assert rows(golden, "student_movement", "basis", "late", "end_snapshot_code = 'G9_EOY'") == []


def test_a_student_without_ssid_at_the_freeze_keeps_the_row_under_the_key_of_tonight(golden: duckdb.DuckDBPyConnection) -> None:  # fmt: skip
    assert rows(golden, "student_snapshot", "lane, is_first_time_grade9", "resolved", END) == [(5, True)]
    assert rows(golden, "student_snapshot_current", "lane", "resolved") == []


def test_the_cohort_of_a_freeze_does_not_shrink_afterwards(golden: duckdb.DuckDBPyConnection) -> None:
    assert rows(golden, "student_snapshot", "lane, is_first_time_grade9", "removed", END) == [(5, True)]
    members = golden.execute(
        f"select denominator from on_track.metric_cell where {WHERE} and metric_code = 'coverage' and basis = 'G8_EOY' and level = 'collaborative' "
        "and group_code = 'ALL' and snapshot_code = 'G9_EOY'"
    ).fetchall()
    assert members == [(5,)]  # corrected, resolved, removed, mover, secondary


def test_a_cohort_whose_ends_are_not_due_has_reasons_and_no_figures(golden: duckdb.DuckDBPyConnection) -> None:
    found = rows(golden, "student_movement", "basis, end_snapshot_code, no_movement_reason, start_lane", "running")
    assert [(b, e, r) for b, e, r, _ in found] == [
        ("G8_EOY", "G9_EOY", "end_not_due"), ("G8_EOY", "G9_EOYS", "end_not_due"), ("G9_EOY", "G10_EOY", "end_not_due"),
        ("G9_T1", "G9_EOY", "end_not_due"), ("G9_T1", "G9_EOYS", "end_not_due"),
    ]  # fmt: skip
    assert found[0][3] == 5
    assert rows(golden, "student_snapshot", "snapshot_code, is_first_time_grade9", "running") == [("G8_EOY", True)]
    figures = f"select count(*) from on_track.metric_cell where cohort_year = {YEAR + 1} and basis is not null"
    assert golden.execute(figures).fetchall() == [(0,)]


def test_kept_freezes_give_the_same_as_computed_ones(golden: duckdb.DuckDBPyConnection, next_night: duckdb.DuckDBPyConnection) -> None:  # fmt: skip
    for table in (
        "on_track.student_snapshot",
        "on_track.student_snapshot_current",
        "on_track.student_movement",
        "partner.metric",
    ):
        query = f"select * from {table} order by all"
        assert golden.execute(query).fetchall() == next_night.execute(query).fetchall(), table
