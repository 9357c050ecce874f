"""The hub's lists through its files, the intake and staging: on the day of every delivery they say what the facts say."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.landing.contract import load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.plan import hub_plan
from pipelines.synth.schema import HUB
from pipelines.synth.world import build_facts, plans_of
from tests.support.round_trip import build_staging, take_in, write_deliveries

# Columns whose codes staging translates: the hub writes words, the warehouse has one word.
WORDS = {"driver", "domain"}


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    scratch = tmp_path_factory.mktemp("hub")
    contracts = load_contracts(PROJECT / "data" / "contracts")
    con = duckdb.connect()
    build_facts(con, contracts, plans_of(contracts, 4), per_district=100, seed=3)
    hubs = {name: contract for name, contract in contracts.items() if contract.kind == "hub"}
    plans = [plan for contract in hubs.values() for plan in hub_plan(contract.district, contract.district_code, 4)]
    write_deliveries(con, hubs, plans, scratch / "landing")
    warehouse = take_in(hubs, scratch / "landing", scratch / "home", plans[-1].date)
    build_staging("core_hub", warehouse, scratch)
    con.execute(f"attach '{warehouse}' as {warehouse.stem} (read_only)")
    yield con, warehouse.stem, [plan.date for plan in plans]
    con.close()


@pytest.mark.parametrize("table", HUB)
def test_what_was_true_comes_back(both, table):
    con, warehouse, dates = both
    names = [name for name, _ in HUB[table]]
    true = ", ".join(f"replace({name}, ' ', '_')" if name in WORDS else name for name in names)
    seen = 0
    for date in dates:
        known = f"known_from <= date '{date}' and (known_to is null or known_to > date '{date}')"
        facts = con.execute(f"select {true} from facts.{table} where {known} order by all").fetchall()
        staged = con.execute(
            f"select {', '.join(names)} from {warehouse}.staging.stg_core_hub__{table} where {known} order by all"
        ).fetchall()
        assert staged == facts
        seen += len(facts)
    assert seen > 0
    assert any(len(set(row)) > 1 for row in facts)


def test_codes_are_words_of_the_warehouse(both):
    con, warehouse, _ = both
    for table, column in [("pdsa_cycle", "driver"), ("capability_rating", "domain"), ("capability_rating", "level")]:
        values = con.execute(f"select distinct {column} from {warehouse}.staging.stg_core_hub__{table}").fetchall()
        assert len(values) >= 2
        assert all(value is not None and " " not in value for (value,) in values)
