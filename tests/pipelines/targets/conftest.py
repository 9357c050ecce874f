"""Servers for the tests of targets: started once, or a reason that says how to get them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.targets.source import OpenRelease
from tests.support import servers
from tests.support.small_release import three_releases


@pytest.fixture(scope="session")
def releases(once: Callable[[str, Callable[[Path], object]], Path]) -> list[OpenRelease]:
    """Three small releases; tests read them, who changes one copies it first."""
    return three_releases(once)


@pytest.fixture(scope="module")
def s3() -> Iterator[servers.S3]:
    if not servers.WEED.exists():
        pytest.skip(servers.HOW)
    with servers.s3() as server:
        yield server


@pytest.fixture(scope="module")
def postgres() -> Iterator[servers.Postgres]:
    if not servers.POSTGRES.exists():
        pytest.skip(servers.HOW)
    with servers.postgres() as server:
        yield server
