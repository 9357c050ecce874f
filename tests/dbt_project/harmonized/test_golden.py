"""The measures of the sixteen golden students against the table of domain.md section 13."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dbt_project.harmonized.warehouse import Warehouse
from tests.golden import students as golden

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def measures(warehouse: Warehouse, student: str, year: int, window: str, vantage: str = "current") -> dict[str, Any]:
    rows = warehouse.rows(
        "select *, points_collapse::double / nullif(credits_graded, 0)::double as gpa, "
        "points_keep::double / nullif(credits_graded, 0)::double as gpa_keep, "
        "100 * (1 - days_absent::double / nullif(days_expected, 0)::double) as attendance "
        "from harmonized.student_window where person_id = ? and school_year = ? and window_code = ? and vantage = ?",
        golden.ssid(student), year, window, vantage,
    )  # fmt: skip
    assert len(rows) == 1
    return rows[0]


@pytest.mark.parametrize("student", sorted(golden.EXPECTED))
@pytest.mark.parametrize("vantage", ["current", "2025_EOY"])
def test_grade_9(warehouse: Warehouse, student: str, vantage: str) -> None:
    gpa, attendance, n_f, credits = golden.EXPECTED[student][4:8]
    found = measures(warehouse, student, 2025, "EOY", vantage)
    if gpa is None:
        assert found["is_enrolled_on_as_of"] is (student != "11")
        assert student == "11" or found["days_expected"] <= 30
        return
    assert round(found["gpa"], 4) == gpa
    assert round(found["attendance"], 2) == attendance
    assert float(found["n_f_core"]) == pytest.approx(n_f, abs=1e-4)
    assert float(found["credits_earned"]) == pytest.approx(credits, abs=0.01)


@pytest.mark.parametrize("student", [s for s, row in sorted(golden.EXPECTED.items()) if row[0] is not None])
def test_grade_8(warehouse: Warehouse, student: str) -> None:
    gpa, attendance = golden.EXPECTED[student][:2]
    found = measures(warehouse, student, 2024, "EOY")
    assert (round(found["gpa"], 4), round(found["attendance"], 2)) == (gpa, attendance)
    assert found["credits_due"] is None
    assert found["grade_level"] == "08"


def test_ties_are_decided_exactly(warehouse: Warehouse) -> None:
    for student, factor, passes in (
        ("03", 3, True),
        ("15", 2, True),
        ("10", 2, True),
        ("14", 3, True),
        ("07", 3, True),
    ):
        row = measures(warehouse, student, 2025, "EOY")
        assert (row["points_collapse"] >= factor * row["credits_graded"]) is passes
    seventh = measures(warehouse, "07", 2025, "EOY")
    assert round(seventh["gpa_keep"], 4) == 2.9083  # 34.9 / 12


def test_working_of_section_13(warehouse: Warehouse) -> None:
    tenth = measures(warehouse, "10", 2025, "EOY")
    assert (tenth["credits_earned_total"], tenth["credits_due"], tenth["is_first_time_grade9"]) == (80, 100, False)
    with_summer = measures(warehouse, "13", 2025, "EOYS")
    assert (with_summer["gpa"], with_summer["n_f_core"], with_summer["credits_earned"]) == (2.25, 0, 60)
    trimesters = measures(warehouse, "15", 2025, "EOY")
    assert float(trimesters["credits_earned_total"]) == pytest.approx(160 / 3)
    sixteenth = measures(warehouse, "16", 2025, "EOY")
    assert (sixteenth["n_suspensions"], float(sixteenth["suspension_days"])) == (3, 0.9)
    fourteenth = measures(warehouse, "14", 2025, "EOY")
    assert (fourteenth["n_df_core"], fourteenth["n_df_elamath"], fourteenth["n_marks"]) == (1, 0, 12)
    assert fourteenth["f_core_marks"] == ["NP in WORLD HISTORY, S2"]


def test_first_terms(warehouse: Warehouse) -> None:
    ninth, eleventh, fourteenth = (measures(warehouse, s, 2025, "T1") for s in ("09", "11", "14"))
    assert (ninth["gpa"], ninth["n_f_core"], ninth["credits_earned_total"], ninth["credits_due"]) == (2, 1, 25, 25)
    assert (ninth["days_expected"], ninth["days_absent"]) == (55, 3)
    assert (round(eleventh["gpa"], 4), eleventh["days_expected"], eleventh["credits_earned"]) == (2.3333, 85, 30)
    assert (fourteenth["credits_graded"], fourteenth["days_expected"], fourteenth["days_absent"]) == (5, 85, 2)
    assert float(measures(warehouse, "15", 2025, "T1")["credits_due"]) == pytest.approx(50 / 3)


def test_mid_year_transfer_is_one_student(warehouse: Warehouse) -> None:
    row = measures(warehouse, "08", 2025, "EOY")
    assert (row["days_expected"], row["days_absent"]) == (175, 18)
    assert row["school_code"] == golden.school(golden.FRESNO, "high")
    schools = warehouse.rows(
        "select school_code, sum(days_expected) as days, sum(days_absent) as absent from harmonized.attendance_term "
        "where vantage = 'current' and person_id = ? and school_year = 2025 group by all order by all",
        golden.ssid("08"),
    )
    assert [(float(r["days"]), float(r["absent"])) for r in schools] == [(90, 12), (85, 6)]


def test_positive_feed_without_a_gap_has_no_unrecorded_days(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select district_code, sum(unrecorded_days) as n from harmonized.attendance_term where vantage = 'current' "
        "and person_id in (?, ?) group by all order by all", golden.ssid("05"), golden.ssid("01"))  # fmt: skip
    assert [r["n"] for r in rows] == [0, None]
