"""Synergy and Infinite Campus: what was true comes back from staging, entity by entity and version by version."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.landing.contract import Contract, load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.world import build_facts, plans_of
from tests.support import hand_facts
from tests.support.round_trip import round_trip

SYSTEMS = ("synergy", "infinite_campus")
LETTERS = (("B", "B"), ("F", "F"), ("NP", "NP"))
NUMBERS = (("87", "B"), ("42", "F"), ("CR", "P"))


def contracts_of(system: str) -> dict[str, Contract]:
    every = load_contracts(PROJECT / "data" / "contracts")
    return {name: contract for name, contract in every.items() if contract.system == system}


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_true_comes_back(system: str, tmp_path: Path) -> None:
    """A synthetic world and, in districts of their own, the hand-made students: one build of staging for both."""
    facts = duckdb.connect()
    contracts = contracts_of(system)
    by_district = plans_of(contracts, 4)
    build_facts(facts, contracts, by_district, per_district=40, seed=11)
    plans = [plan for of_district in by_district.values() for plan in of_district]
    for contract in list(contracts.values()):
        hand = hand_made(contract)
        contracts[hand.district] = hand
        by_period = contract.parameters is not None and contract.parameters.attendance_form == "periods"
        hand_facts.fill(
            facts,
            hand.district_code,
            marks=NUMBERS if any(scale.ranges for scale in contract.mark_scales) else LETTERS,
            periods=("1", "2", "3") if by_period else (None,),
            quarters=True,
        )
        plans += hand_facts.plans(hand.district, hand.district_code)
    assert round_trip(facts, contracts, plans, tmp_path) == []


def hand_made(contract: Contract) -> Contract:
    """The contract under another name; of seven students one row to be rejected is more than the usual share."""
    checks = {**contract.checks, "max_rejected_share": Decimal("0.5")}
    changes = {"district": f"hand_{contract.district}", "district_code": f"9{contract.district_code[1:]}"}
    return contract.model_copy(update={**changes, "checks": checks})
