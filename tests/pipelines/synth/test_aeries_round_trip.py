"""Aeries: what was true comes back from staging, entity by entity and version by version."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import create_facts
from pipelines.synth.world import build_facts, plans_of
from tests.pipelines.synth.aeries_facts import JANUARY, make_facts, plans
from tests.support.round_trip import compare, round_trip


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    every = load_contracts(PROJECT / "data" / "contracts")
    return {name: contract for name, contract in every.items() if contract.system == "aeries"}


def test_hand_made_facts_come_back_and_a_changed_fact_is_found(contracts: dict[str, Contract], tmp_path: Path) -> None:
    facts = duckdb.connect()
    create_facts(facts)
    every: list[DeliveryPlan] = []
    for contract in contracts.values():
        make_facts(facts, contract)
        every += plans(contract)
    assert round_trip(facts, contracts, every, tmp_path) == []

    # The comparison must be able to fail: a value, a version and a copy, each in one entity.
    codes = [contract.district_code for contract in contracts.values()]
    facts.execute("update facts.student set gender = 'M' where local_student_id = '000100002'")
    facts.execute(f"update facts.incident set known_from = date '{JANUARY}' where incident_id = '79'")
    facts.execute("insert into facts.supplied_gpa from facts.supplied_gpa where term_code = 'S1'")
    found = compare(facts, tmp_path / "home" / "warehouse" / "core.duckdb", "aeries", codes)
    n_gpa = sum(any(feed.feed == "gpa" for feed in contract.files) for contract in contracts.values())
    assert Counter((difference.entity, difference.side) for difference in found) == {
        ("student", "facts"): len(codes),
        ("student", "staging"): len(codes),
        ("incident", "facts"): len(codes),
        ("incident", "staging"): len(codes),
        ("supplied_gpa", "facts"): n_gpa,
        ("supplied_gpa", "staging"): n_gpa,
    }


def test_a_synthetic_world_comes_back(contracts: dict[str, Contract], tmp_path: Path) -> None:
    facts = duckdb.connect()
    by_district = plans_of(contracts, 3)
    build_facts(facts, contracts, by_district, per_district=40, seed=7)
    every = [plan for of_district in by_district.values() for plan in of_district]
    assert round_trip(facts, contracts, every, tmp_path) == []
