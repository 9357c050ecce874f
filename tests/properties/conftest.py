"""Two builds for all properties: everything, and the same without a district, in another order and out of other files."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.properties import thresholds
from tests.properties.world import AS_OF, EAST, NORTH, SENT, SOUTH, World, draw, reference_facts, shuffled
from tests.reference import compute, lanes
from tests.support.whole_warehouse import FEEDS, WholeWarehouse

SEED, N, N_EAST = 20261127, 150, 40


class Reference(NamedTuple):
    """What the plain reference says of the same rows."""

    snapshots: list[compute.Snapshot]
    movements: list[compute.Movement]


def build(home: Path, rows: dict[str, list[dict[str, Any]]], *districts: str) -> WholeWarehouse:
    """A warehouse of these rows."""
    built = WholeWarehouse(home, AS_OF)
    for district in districts:
        built.district(district)
        built.brings(district, SENT, *(feed for feed in FEEDS if (district, feed) != (SOUTH, "discipline")))
    built.load(rows)
    built.build()
    return built


@pytest.fixture(scope="session")
def world() -> World:
    """The random students, and the students at a threshold."""
    drawn = draw(SEED, N, N_EAST)
    thresholds.add(drawn.cases)
    return drawn


@pytest.fixture(scope="session")
def warehouse(world: World, tmp_path_factory: pytest.TempPathFactory) -> WholeWarehouse:
    """All of them."""
    return build(tmp_path_factory.mktemp("properties"), world.cases.rows, NORTH, SOUTH, EAST)


@pytest.fixture(scope="session")
def reordered(world: World, tmp_path_factory: pytest.TempPathFactory) -> WholeWarehouse:
    """Without EAST, in another order."""
    rows = shuffled(world.cases.rows, SEED, EAST)
    return build(tmp_path_factory.mktemp("reordered"), rows, SOUTH, NORTH)


@pytest.fixture(scope="session")
def reference(world: World) -> Reference:
    """The second implementation on the same rows."""
    found = compute.Computation(reference_facts(world.cases.rows, (NORTH, SOUTH, EAST)), AS_OF)
    return Reference(*found.run(lanes.RULE_SETS))
