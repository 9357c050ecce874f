"""Marks, credits, repeats and the credit pace (domain.md 3.1 and 4), on the students of cases.py; expectations worked by hand."""

from __future__ import annotations

import pytest

from tests.dbt_project.harmonized.look import person, window
from tests.dbt_project.harmonized.warehouse import Warehouse


def test_special_marks(warehouse: Warehouse) -> None:
    row = window(warehouse, "special_marks")
    # graded: A- and D+ (4 + 1); NP and the incomplete count as F after the freeze; W is not attempted; P earns credit
    assert (row["points_collapse"], row["points_keep"], row["credits_graded"]) == (25, 25, 10)
    assert (row["n_f_core"], row["n_df_core"], row["n_df_elamath"]) == (2, 3, 2)
    assert (row["credits_attempted"], row["credits_earned"], row["n_marks"]) == (25, 15, 5)
    assert row["n_not_earned"] == 2
    assert (row["n_ag_attempted"], row["n_ag_failed"]) == (5, 4)
    assert row["f_core_marks"] == ["I in BIO, S1", "NP in ENG, S1"]
    assert row["df_elamath_marks"] == ["D in ALG, S2", "NP in ENG, S1"]


def test_incomplete_is_pending_in_the_first_term_for_ever(warehouse: Warehouse) -> None:
    row = window(warehouse, "special_marks", "T1")
    assert (row["n_f_core"], row["n_df_core"], row["credits_graded"]) == (1, 1, 0)


def test_courses_without_credits_are_outside_gpa_and_f(warehouse: Warehouse) -> None:
    row = window(warehouse, "zero_credit")
    assert (row["points_collapse"], row["credits_graded"], row["n_f_core"], row["n_df_core"]) == (20, 5, 0, 0)


def test_credits_near_a_multiple_of_five_thirds_are_that_multiple(warehouse: Warehouse) -> None:
    row = window(warehouse, "thirds")
    # 10/3 + 5/3 + 20/3 + 3.3 + 10/3, an F of 10/3 in biology
    assert float(row["credits_graded"]) == pytest.approx(10 / 3 + 5 / 3 + 20 / 3 + 3.3 + 10 / 3, abs=1e-9)
    assert float(row["n_f_core"]) == pytest.approx(2 / 3, abs=1e-9)
    assert float(row["points_collapse"]) == pytest.approx(4 * (5 / 3 + 20 / 3 + 3.3), abs=1e-9)


def test_credits_of_grade_8_are_imputed_by_kind_of_term(warehouse: Warehouse) -> None:
    row = window(warehouse, "grade8")
    # B 5, F 5, C 10/3, A 2.5, D 10, and an A whose 10 credits were sent
    assert float(row["credits_graded"]) == pytest.approx(5 + 5 + 10 / 3 + 2.5 + 10 + 10)
    assert float(row["points_collapse"]) == pytest.approx(15 + 0 + 20 / 3 + 10 + 10 + 40)
    assert float(row["credits_earned"]) == pytest.approx(5 + 10 / 3 + 2.5 + 10 + 10)
    imputed = warehouse.rows(
        "select credits_imputed, count(*) as n from harmonized.course_mark where vantage = 'current' and person_id = ? "
        "group by all order by all", person(warehouse, "grade8"))  # fmt: skip
    assert [(r["credits_imputed"], r["n"]) for r in imputed] == [(False, 1), (True, 5)]


def test_unmapped_mark_is_not_graded_and_keeps_its_credit(warehouse: Warehouse) -> None:
    row = window(warehouse, "unmapped")
    assert (row["credits_graded"], row["credits_earned"], row["n_f_core"], row["n_core_marks"]) == (5, 10, 0, 1)


def test_nothing_but_w_is_no_marks(warehouse: Warehouse) -> None:
    assert (window(warehouse, "only_w")["n_marks"], window(warehouse, "only_w")["has_weighted_gpa_only"]) == (0, False)
    assert (window(warehouse, "weighted")["n_marks"], window(warehouse, "weighted")["has_weighted_gpa_only"]) == (
        0,
        True,
    )


def test_one_course_term_at_two_schools(warehouse: Warehouse) -> None:
    row = window(warehouse, "two_schools")
    # ENG: C with credit; ALG: equal credits, the D was posted later; BIO: two sections of one school are two marks
    assert (row["points_collapse"], row["credits_graded"]) == ((2 + 1 + 4 + 2) * 5, 20)


def test_failed_mark_keeps_the_credit_that_was_sent(warehouse: Warehouse) -> None:
    row = window(warehouse, "f_with_credit")
    assert (row["credits_earned"], row["n_f_core"], row["n_not_earned"]) == (5, 1, 0)


def test_mark_of_a_term_the_district_does_not_have_counts_by_its_usual_end(warehouse: Warehouse) -> None:
    assert window(warehouse, "transfer_t1", "T1")["credits_earned"] == 2.5


def test_summer_mark_replaces_one_original_and_w_none(warehouse: Warehouse) -> None:
    eoy, eoys = window(warehouse, "summer"), window(warehouse, "summer", "EOYS")
    assert (eoy["n_f_core"], eoy["credits_earned"], eoy["n_marks"]) == (2, 10, 4)
    assert (eoys["n_f_core"], eoys["credits_earned"], eoys["points_collapse"]) == (1, 15, (0 + 2 + 1 + 1) * 5)


def test_summer_mark_replaces_what_was_not_passed_first(warehouse: Warehouse) -> None:
    row = window(warehouse, "one_summer", "EOYS")
    assert (row["n_f_core"], row["credits_earned"], row["points_collapse"]) == (0, 10, (1 + 3) * 5)


def test_recovery_inside_the_year_counts_in_it(warehouse: Warehouse) -> None:
    t1, eoy = window(warehouse, "in_year", "T1"), window(warehouse, "in_year")
    assert (t1["n_f_core"], t1["credits_graded"]) == (1, 5)
    assert (eoy["n_f_core"], eoy["credits_graded"], eoy["points_collapse"], eoy["credits_earned"]) == (0, 10, 25, 10)


def test_repeat_of_a_c_or_better_counts_for_nothing(warehouse: Warehouse) -> None:
    row = window(warehouse, "void")
    assert (row["points_collapse"], row["credits_graded"], row["credits_earned"]) == (25, 10, 10)
    assert row["n_not_earned"] == 0


def test_repeat_in_a_later_year(warehouse: Warehouse) -> None:
    first, second = window(warehouse, "next_year", year=2024), window(warehouse, "next_year")
    # grade 9 as it was: D C, D D, F B
    assert (first["points_collapse"], first["credits_earned"], first["n_f_core"]) == (
        (1 + 2 + 1 + 1 + 0 + 3) * 5,
        25,
        1,
    )
    # grade 10: B in ALG adds no credit to that of the D, the F in BIO takes none away, A in ENG S2 is a new mark
    assert (second["credits_earned_total"], second["credits_graded"]) == (30, 15)
    replaced = warehouse.rows(
        "select course_code, term_code from harmonized.course_mark where vantage = 'current' and person_id = ? "
        "and replaced_on is not null order by all", person(warehouse, "next_year"))  # fmt: skip
    assert [(r["course_code"], r["term_code"]) for r in replaced] == [("ALG", "S1"), ("BIO", "S1")]


def test_worse_repeat_still_replaces_and_takes_no_credit(warehouse: Warehouse) -> None:
    row = window(warehouse, "worse", "EOYS")
    assert (row["points_collapse"], row["n_f_core"], row["credits_earned"]) == (0, 1, 5)


def test_late_entrant_with_nothing_loaded_owes_the_terms_attended(warehouse: Warehouse) -> None:
    row, loaded = window(warehouse, "late"), window(warehouse, "late_loaded")
    assert (row["credits_due"], row["credits_prorated"], row["credits_earned_total"]) == (25, True, 30)
    assert (loaded["credits_due"], loaded["credits_prorated"], loaded["credits_earned_total"]) == (50, False, 60)
    tenth = window(warehouse, "late_then_10")
    assert (tenth["credits_due"], tenth["credits_prorated"]) == (75, True)


def test_summer_credits_count_in_the_next_year(warehouse: Warehouse) -> None:
    assert window(warehouse, "summer_credit", year=2024)["credits_earned_total"] == 0
    assert window(warehouse, "summer_credit", "EOYS", year=2024)["credits_earned_total"] == 5
    tenth = window(warehouse, "summer_credit")
    assert (tenth["credits_earned_total"], tenth["credits_due"], tenth["credits_graded"]) == (10, 100, 5)
    assert window(warehouse, "summer_credit", "EOYS")["credits_earned_total"] == 15
