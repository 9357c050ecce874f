"""The release that clients read: the published sample, or the one that CORE_TEST_RELEASE names (`make clients`)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support import servers

# Text, whole numbers and a fraction, over every row of the largest table
QUESTION = (
    "select metric_code, level, count(*) as n, cast(sum(numerator) as bigint) as numerator, max(value) as value "
    "from {metric} group by 1, 2 order by 1, 2"
)


@pytest.fixture(scope="session")
def whole() -> bool:
    """Is everything asked of a whole release, whatever it costs?"""
    return "CORE_TEST_RELEASE" in os.environ


@pytest.fixture(scope="session")
def release(request: pytest.FixtureRequest, whole: bool) -> Path:
    return Path(os.environ["CORE_TEST_RELEASE"]).resolve() if whole else request.getfixturevalue("sample").current


@pytest.fixture(scope="session")
def clients() -> Path:
    """`.venv-clients`, or a reason that says how to get it."""
    if not (servers.CLIENTS / ".ready").exists():
        pytest.skip(servers.HOW)
    return servers.CLIENTS


@pytest.fixture(scope="session")
def inside(clients: Path) -> Callable[..., Any]:
    """`inside(client, *arguments)`: the answer of tests/clients/inside.py, run in `.venv-clients`."""

    def ask(*arguments: object, **environment: str) -> Any:
        done = subprocess.run(
            [str(clients / "bin" / "python"), "tests/clients/inside.py", *map(str, arguments)],
            cwd=servers.PROJECT,
            env={**os.environ, "PYTHONPATH": str(servers.PROJECT), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return ask


def own_answer(database: Path) -> list[tuple[Any, ...]]:
    """The release's own answer to the question."""
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute(QUESTION.format(metric="metric")).fetchall()
