"""Aeries: what was true comes back from staging, entity by entity and version by version."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.schema import create_facts
from pipelines.synth.world import build_facts, plans_of
from tests.pipelines.synth.aeries_facts import make_facts, plans
from tests.support.round_trip import round_trip


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    every = load_contracts(PROJECT / "data" / "contracts")
    return {name: contract for name, contract in every.items() if contract.system == "aeries"}


def test_hand_made_facts_come_back(contracts: dict[str, Contract], tmp_path: Path) -> None:
    facts = duckdb.connect()
    create_facts(facts)
    every: list[DeliveryPlan] = []
    for contract in contracts.values():
        make_facts(facts, contract)
        every += plans(contract)
    assert round_trip(facts, contracts, every, tmp_path) == []


def test_a_synthetic_world_comes_back(contracts: dict[str, Contract], tmp_path: Path) -> None:
    facts = duckdb.connect()
    by_district = plans_of(contracts, 4)
    build_facts(facts, contracts, by_district, per_district=40, seed=7)
    every = [plan for of_district in by_district.values() for plan in of_district]
    assert round_trip(facts, contracts, every, tmp_path) == []
