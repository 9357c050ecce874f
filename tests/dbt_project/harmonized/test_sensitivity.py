"""What another rule of marks or attendance makes of the golden students and of the student with missed periods."""

from __future__ import annotations

import pytest

from tests.dbt_project.harmonized.look import person
from tests.dbt_project.harmonized.warehouse import Warehouse
from tests.golden import students as golden

CHOICES = ("np_not_f", "incomplete_not_f", "attendance_majority", "attendance_fraction")


def changed(warehouse: Warehouse, person_id: str, choice: str) -> dict[str, tuple[float, ...]]:
    """By window of the ninth-grade year: F equivalents, low core marks, low marks of ELA and math, days absent."""
    rows = warehouse.rows(
        "select window_code, n_f_core::double as f, n_df_core, n_df_elamath, days_absent::double as absent "
        "from harmonized.sensitivity_window where person_id = ? and choice = ? and school_year = 2025",
        person_id, choice,
    )  # fmt: skip
    return {r["window_code"]: (r["f"], r["n_df_core"], r["n_df_elamath"], r["absent"]) for r in rows}


def test_no_pass_is_no_f_but_stays_low(warehouse: Warehouse) -> None:
    """14 has one NP, in social science in the second term: one F less, one low core mark as before."""
    assert changed(warehouse, golden.ssid("14"), "np_not_f") == {"EOY": (0, 1, 0, None), "EOYS": (0, 1, 0, None)}


def test_an_incomplete_is_neither_f_nor_low(warehouse: Warehouse) -> None:
    """13 has F in math twice and an incomplete in science, which summer replaces: there is nothing left to choose then."""
    assert changed(warehouse, golden.ssid("13"), "incomplete_not_f") == {"EOY": (2, 2, 2, None)}


def test_periods_by_another_rule(warehouse: Warehouse) -> None:
    """Two of six periods, six of six, and a whole day: 2 1/3 days in fractions, the rule there; 2 days by the majority."""
    student = person(warehouse, "periods_fraction")
    for window in ("T1", "EOY", "EOYS"):
        assert changed(warehouse, student, "attendance_majority")[window] == (None, None, None, 2)
    assert changed(warehouse, student, "attendance_fraction") == {}


@pytest.mark.parametrize("choice", CHOICES)
def test_whom_a_choice_does_not_touch_has_no_row(warehouse: Warehouse, choice: str) -> None:
    assert changed(warehouse, golden.ssid("01"), choice) == {}
