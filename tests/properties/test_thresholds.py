"""Cut points are compared exactly, never as they print: through the models, and through the reference."""

from __future__ import annotations

import pytest

from tests.properties.conftest import Reference
from tests.properties.thresholds import LANES
from tests.support.whole_warehouse import WholeWarehouse


def test_lanes_at_the_cut_points(warehouse: WholeWarehouse) -> None:
    rows = warehouse.snapshots()
    assert {name: rows[name]["lane"] for name in LANES} == LANES
    assert rows["less_than_fifteen_credits"]["null_reason"] == "insufficient_graded_credits"
    assert rows["thirty_days"]["null_reason"] == "insufficient_days"


def test_the_reference_agrees(warehouse: WholeWarehouse, reference: Reference) -> None:
    rows = warehouse.snapshots()
    lanes = {s.person: s.lane for s in reference.snapshots if s.code == "G9_EOY" and s.rule_set == "core5_v1"}
    assert {name: lanes[rows[name]["person_id"]] for name in LANES} == LANES


def test_what_prints_as_the_cut_point_is_not_it(warehouse: WholeWarehouse) -> None:
    rows = warehouse.snapshots()
    assert rows["gpa_2_996"]["gpa"] == pytest.approx(2.996, abs=1e-12)
    assert rows["gpa_2_996"]["gate_failed"] == "G4"
    assert rows["attendance_95_954"]["gate_failed"] == "G4"
    assert f"{100 * float(rows['attendance_95_954']['attendance_rate']):.1f}" == "96.0"
    assert rows["attendance_90"]["gate_failed"] == "G3"
    assert (rows["attendance_90"]["days_absent"], rows["attendance_90"]["days_expected"]) == (18, 180)


def test_fifteen_courses_of_three_and_a_third_are_fifty_credits(warehouse: WholeWarehouse) -> None:
    rows = warehouse.snapshots()
    assert rows["fifteen_trimesters"]["credits_earned_total"] == rows["fifteen_trimesters"]["credits_due"] == 50
    assert rows["fifteen_trimesters"]["chicago_g9"] is True
    assert rows["fourteen_trimesters"]["gate_failed"] == "G3"
    assert float(rows["one_f_of_thirds"]["n_f_core"]) == 1
