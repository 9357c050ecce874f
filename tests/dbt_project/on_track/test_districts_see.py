"""Which rows each district's database holds (published.md, restricted tables)."""

from __future__ import annotations

import duckdb

from tests.dbt_project.on_track.late_rows import PEOPLE


def seen(con: duckdb.DuckDBPyConnection, table: str, columns: str, name: str, more: str = "true") -> list[tuple]:
    key = con.execute("select student_key from harmonized.student where person_id = ?", [PEOPLE[name]]).fetchall()[0][0]
    return con.execute(
        f"select _release_district, {columns} from restricted.{table} where student_key = ? and {more} order by all",
        [key],
    ).fetchall()


def test_the_district_that_was_left_sees_nothing_later(golden: duckdb.DuckDBPyConnection) -> None:
    assert seen(golden, "course_mark", "section_id", "mover") == [
        ("first", "before"),
        ("second", "after"),
        ("second", "before"),
        ("second", "summer"),
    ]
    assert seen(golden, "incident", "district_code", "mover") == [
        ("first", "3066522"),
        ("second", "1062166"),
        ("second", "3066522"),
    ]
    assert seen(golden, "enrollment", "district_code", "mover") == [
        ("first", "3066522"),
        ("second", "1062166"),
        ("second", "3066522"),
    ]


def test_snapshots_follow_their_date_and_their_credit(golden: duckdb.DuckDBPyConnection) -> None:
    codes = seen(golden, "student_snapshot", "snapshot_code", "mover", "rule_set = 'core5_v1'")
    assert codes == [
        ("first", "G8_EOY"), ("first", "G9_T1"), ("second", "G8_EOY"), ("second", "G9_EOY"), ("second", "G9_EOYS"), ("second", "G9_T1"),
    ]  # fmt: skip


def test_a_secondary_enrollment_opens_the_database(golden: duckdb.DuckDBPyConnection) -> None:
    assert [d for d, _ in seen(golden, "student", "local_student_id", "secondary")] == ["first", "second"]
    # the other district saw the student for two months; the end of the year is not its own
    ends = seen(golden, "student_snapshot", "snapshot_code", "secondary", "rule_set = 'core5_v1' and snapshot_code = 'G9_EOY'")  # fmt: skip
    assert ends == [("first", "G9_EOY")]


def test_every_row_has_its_student(golden: duckdb.DuckDBPyConnection) -> None:
    for table in ("enrollment", "course_mark", "incident", "student_snapshot", "student_snapshot_current", "student_movement"):  # fmt: skip
        lost = golden.execute(
            f"select count(*) from restricted.{table} as r anti join restricted.student as s using (_release_district, student_key)"
        ).fetchall()
        assert lost == [(0,)], table


def test_the_matrix_counts_students_credited(golden: duckdb.DuckDBPyConnection) -> None:
    counted = golden.execute(
        "select _release_district, sum(n) from restricted.movement_matrix where rule_set = 'core5_v1' and cohort_year = 2025 and basis = 'G8_EOY' "
        "and end_snapshot_code = 'G9_EOY' group by 1 order by 1"
    ).fetchall()
    assert counted == [("first", 11), ("second", 1)]
