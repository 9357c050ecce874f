"""Clients of the PostgreSQL target, with the rights of a reader of the partner tier: the release's own answer each time."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas
import pytest
import sqlalchemy

from pipelines.settings import Settings
from pipelines.targets.load import load_target
from pipelines.targets.source import OpenRelease, open_release
from tests.clients.conftest import QUESTION, own_answer
from tests.support import servers
from tests.support.small_release import three_releases

IN_POSTGRES = QUESTION.format(metric="core_partner.metric")
DRIVERS = servers.CLIENTS / "debian" / "usr"
NO_DRIVER = (
    "Debian's {} could not be had; see .venv-clients/debian/apt.log, then `rm .venv-clients/.ready; make clients`"
)


@dataclass(frozen=True)
class Loaded:
    """A server that holds a release, a reader's connection string, and the release's own answer."""

    server: servers.Postgres
    dsn: str
    answer: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def loaded(
    request: pytest.FixtureRequest,
    clients: Path,
    whole: bool,
    once: Callable[[str, Callable[[Path], object]], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Loaded]:
    """The small release, or with `make clients` the whole one (a million rows)."""
    release: OpenRelease
    if whole:
        folder = request.getfixturevalue("release")
        release = open_release(folder.parents[1], folder.name)
    else:
        release = three_releases(once)[2]
    with servers.postgres() as server:
        load_target(Settings(home=tmp_path_factory.mktemp("home"), postgres_dsn=server.dsn()), "postgres", release)
        server.run("create role analyst login password 'asking' in role core_partner_reader")
        yield Loaded(server, server.dsn("analyst", "asking"), own_answer(release.folder / "partner" / "core.duckdb"))


def test_psql(loaded: Loaded) -> None:
    done = subprocess.run(
        [str(loaded.server.bin / "psql"), "-X", "--csv", "--tuples-only", "-c", IN_POSTGRES, loaded.dsn],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows = [
        (code, level, int(n), int(numerator) if numerator else None, float(value) if value else None)
        for code, level, n, numerator, value in csv.reader(io.StringIO(done.stdout))
    ]
    assert rows == loaded.answer


def test_psql_shows_the_words_of_the_data_dictionary(loaded: Loaded) -> None:
    done = subprocess.run(
        [str(loaded.server.bin / "psql"), "-X", "-c", r"\d+ core_partner.dim_district", loaded.dsn],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "district_code" in done.stdout and "PRIMARY KEY" in done.stdout and "Description" in done.stdout


def test_odbc(loaded: Loaded, inside: Callable[..., Any]) -> None:
    libraries = DRIVERS / "lib" / "x86_64-linux-gnu"
    driver = libraries / "odbc" / "psqlodbcw.so"
    if not driver.exists():
        pytest.skip(NO_DRIVER.format("odbc-postgresql"))
    path = os.pathsep.join(filter(None, [str(libraries), os.environ.get("LD_LIBRARY_PATH")]))
    assert [
        tuple(row) for row in inside("odbc", driver, loaded.dsn, IN_POSTGRES, LD_LIBRARY_PATH=path)
    ] == loaded.answer


def test_jdbc(loaded: Loaded, inside: Callable[..., Any]) -> None:
    jar = DRIVERS / "share" / "java" / "postgresql.jar"
    if not jar.exists():
        pytest.skip(NO_DRIVER.format("libpostgresql-jdbc-java"))
    assert [tuple(row) for row in inside("jdbc", jar, loaded.dsn, IN_POSTGRES)] == loaded.answer


def test_sqlalchemy_and_pandas(loaded: Loaded) -> None:
    engine = sqlalchemy.create_engine(loaded.dsn.replace("postgresql://", "postgresql+psycopg://"))
    frame = pandas.read_sql(sqlalchemy.text(IN_POSTGRES), engine).astype(object)
    assert [tuple(None if pandas.isna(v) else v for v in row) for row in frame.itertuples(index=False)] == loaded.answer
    asked = sqlalchemy.inspect(engine)
    assert "metric" in asked.get_table_names(schema="core_partner")
    assert asked.get_table_comment("metric", schema="core_partner")["text"]
    engine.dispose()
