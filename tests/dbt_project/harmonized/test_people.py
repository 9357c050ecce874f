"""Identity and student groups (domain.md 2 and 8), on the students of cases.py; expectations worked by hand."""

from __future__ import annotations

import pytest

from tests.dbt_project.harmonized.look import groups, person
from tests.dbt_project.harmonized.made_up import NORTH
from tests.dbt_project.harmonized.warehouse import Warehouse


def test_one_ssid_with_two_birth_dates_resolves_neither(warehouse: Warehouse) -> None:
    found = {r["local_student_id"]: (r["person_id"], r["unresolved_reason"]) for r in warehouse.rows(
        "select * from harmonized.student_local where vantage = 'current'")}  # fmt: skip
    assert found["twin_a"] == (f"{NORTH}:twin_a", "ssid_conflict")
    assert found["twin_b"] == (f"{NORTH}:twin_b", "ssid_conflict")
    assert found["again_a"] == found["again_b"] == ("8333333333", None)
    assert found["merged"] == ("8444444444", None)
    assert found["nobody"] == (f"{NORTH}:nobody", "no_ssid")
    assert found["rowless"] == (f"{NORTH}:rowless", "no_ssid")


def test_student_key_follows_the_contract(warehouse: Warehouse) -> None:
    rows = warehouse.rows(
        "select student_key, ssid from harmonized.student where person_id in ('8444444444', ?) order by person_id",
        f"{NORTH}:nobody",
    )
    # sha256('test-key:8444444444') and sha256('test-key:9900001:nobody'), first 24 hex digits, computed with sha256sum
    assert [(r["student_key"], r["ssid"]) for r in rows] == [
        ("s_82a17443cf6be31cae80220f", "8444444444"),
        ("s_c22252cdb00d802053135d28", None),
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [("race_hi", "HI"), ("race_mr", "MR"), ("race_fi", "FI"), ("race_asian", "AS"), ("race_two_asian", "AS"), ("race_nr", "NR"), ("race_pi", "PI")],
)  # fmt: skip
def test_race(warehouse: Warehouse, name: str, code: str) -> None:
    assert groups(warehouse, name, "race_ethnicity") == {code}


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("ltel", {"EL", "EL_RFEP", "LTEL"}),  # seven years on June 1, 2025
        ("not_yet_ltel", {"EL", "EL_RFEP"}),  # on July 1, 2025
        ("reclassified", {"RFEP", "EL_RFEP", "NOT_EL"}),
        ("tbd", {"TBD"}),
        ("english_only", {"NOT_EL"}),
        ("sed_meals", set()),  # nothing known of the language
    ],
)
def test_language(warehouse: Warehouse, name: str, codes: set[str]) -> None:
    assert groups(warehouse, name, "language") == codes


def test_programs(warehouse: Warehouse) -> None:
    assert "SED" in groups(warehouse, "sed_meals", "program")
    assert "SED" in groups(warehouse, "sed_parent", "program")
    assert groups(warehouse, "foster_before", "program") == {"NOT_SED", "NOT_SWD", "NOT_FOSTER", "NOT_HOMELESS"}


def test_groups_of_a_settled_year_stay(warehouse: Warehouse) -> None:
    # corrected in August, after the freeze of June: the student is another tonight, the groups of the year are not
    tonight = warehouse.rows(
        "select gender, race_ethnicity, el_status from harmonized.student where person_id = ?",
        person(warehouse, "regrouped"),
    )
    assert [tuple(row.values()) for row in tonight] == [("M", "AA", "EO")]
    assert groups(warehouse, "regrouped", "gender") == {"F"}
    assert groups(warehouse, "regrouped", "race_ethnicity") == {"WH"}
    assert groups(warehouse, "regrouped", "language") == {"EL", "EL_RFEP"}
    assert groups(warehouse, "regrouped", "program") == {"NOT_SED", "NOT_SWD", "NOT_FOSTER", "NOT_HOMELESS"}


def test_what_a_freeze_did_not_know_puts_nobody_in_a_group(warehouse: Warehouse) -> None:
    assert groups(warehouse, "filled_in", "gender") == set()
    assert groups(warehouse, "filled_in", "race_ethnicity") == {"WH"}
