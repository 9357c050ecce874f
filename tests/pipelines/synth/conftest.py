"""One world of 20,000 students for the tests of its distributions and its consistency: made once a session."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.landing.contract import load_contracts
from pipelines.settings import PROJECT
from pipelines.synth.world import build_facts, plans_of

STUDENTS = 20_000


@pytest.fixture(scope="session")
def plans():
    return plans_of(load_contracts(PROJECT / "data" / "contracts"), 4)


@pytest.fixture(scope="session")
def world(plans):
    """Grades 8-10 of 20,000 students KN-12 in real proportions, four school years and the start of a fifth."""
    con = duckdb.connect()
    build_facts(con, load_contracts(PROJECT / "data" / "contracts"), plans, students=STUDENTS, seed=1)
    yield con
    con.close()
