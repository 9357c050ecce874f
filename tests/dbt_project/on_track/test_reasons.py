"""Reasons as rows: what keeps a golden student from the next lane, worked out in domain.md section 13."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.on_track.golden_rows import person
from tests.golden.students import COHORT

# measure, op, required, actual
EXPECTED = {
    ("02", "G8_EOY"): [("attendance_rate", ">", 0.9, 0.9)],
    ("03", "G9_EOY"): [("gpa", ">=", 3.5, 3.0)],
    ("04", "G9_EOY"): [("attendance_rate", ">=", 0.96, 166 / 173)],
    ("10", "G9_EOY"): [("credits_of_due", ">=", 1.0, 80 / 100)],
    ("13", "G9_EOY"): [("credits_of_due", ">=", 1.0, 45 / 50), ("gpa", ">=", 2.0, 20 / 11), ("n_f_core", "<=", 1.0, 3.0)],
    ("14", "G9_EOY"): [("gpa", ">=", 3.5, 3.0), ("n_df_core", "<=", 0.0, 1.0)],
    ("15", "G9_EOY"): [("n_f_core", "<=", 1.0, 4 / 3)],
    ("16", "G9_EOY"): [("n_suspensions", "<=", 0.0, 3.0)],
    # at the top, and without a lane
    ("01", "G9_EOY"): [],
    ("12", "G9_EOY"): [],
}  # fmt: skip


@pytest.mark.parametrize(("student", "code"), sorted(EXPECTED))
def test_each_unmet_condition_is_a_row_with_its_sentence(
    golden: duckdb.DuckDBPyConnection, student: str, code: str
) -> None:
    of_student = (
        "student_key = (select student_key from harmonized.student where person_id = ?) and snapshot_code = ? "
        "and rule_set = 'core5_v1' and cohort_year = ?"
    )
    rows = golden.execute(
        "select distinct position, measure, op, required, actual, sentence, gate from restricted.snapshot_reason "
        f"where {of_student} order by position",
        [person(student), code, COHORT],
    ).fetchall()
    snapshots = golden.execute(
        f"select distinct reasons, gate_failed from restricted.student_snapshot where {of_student}",
        [person(student), code, COHORT],
    ).fetchall()
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row[1:4] for row in rows] == [expected[:3] for expected in EXPECTED[student, code]]
    assert [row[4] for row in rows] == pytest.approx([expected[3] for expected in EXPECTED[student, code]], abs=1e-9)
    reasons, gate = snapshots[0]
    assert [row[5] for row in rows] == (reasons or [])
    assert {row[6] for row in rows} <= {gate}
