"""Clients that read a release's files as they are: each gives the release's own answer."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas
import polars
import pytest
import sqlalchemy

from tests.clients.conftest import QUESTION, own_answer

TIERS = ("public", "partner")
HASHED_ROWS = 5_000


@pytest.fixture(scope="module", params=TIERS)
def tier(request: pytest.FixtureRequest, release: Path) -> tuple[Path, list[tuple[Any, ...]]]:
    """A tier's folder and its own answer."""
    folder = release / request.param
    return folder, own_answer(folder / "core.duckdb")


def test_duckdb_1_4_opens_every_published_file(release: Path, inside: Callable[..., Any], whole: bool) -> None:
    found = inside("files", release, 10**9 if whole else HASHED_ROWS)
    assert found["version"].startswith("1.4.")
    manifest = json.loads((release / "manifest.json").read_text())
    expected = {
        f"{tier}.{table}": facts for tier, tables in manifest["tables"].items() for table, facts in tables.items()
    }
    assert set(found["tables"]) == set(expected)
    hashed = 0
    for table, (database, parquet) in found["tables"].items():
        assert database == parquet and database[0] == expected[table]["rows"], table
        if database[1] is not None:
            assert database[1] == expected[table]["content_hash"], table
            hashed += 1
    assert hashed > len(expected) / 2


def test_duckdb_command_line(tier: tuple[Path, list[tuple[Any, ...]]], clients: Path) -> None:
    folder, answer = tier
    done = subprocess.run(
        [str(clients / "bin" / "duckdb"), "-readonly", "-json", str(folder / "core.duckdb"), "-c", QUESTION.format(metric="metric")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [tuple(row.values()) for row in json.loads(done.stdout)] == answer


def test_adbc(tier: tuple[Path, list[tuple[Any, ...]]], inside: Callable[..., Any]) -> None:
    folder, answer = tier
    rows = inside("adbc", folder / "core.duckdb", QUESTION.format(metric="metric"))
    assert [tuple(row.values()) for row in rows] == answer


def test_sqlalchemy_finds_tables_and_words(tier: tuple[Path, list[tuple[Any, ...]]], tmp_path: Path) -> None:
    folder, answer = tier
    # a copy: duckdb-engine asks for settings of its own, which a process may do once a file
    copied = shutil.copy(folder / "core.duckdb", tmp_path)
    engine = sqlalchemy.create_engine(f"duckdb:///{copied}", connect_args={"read_only": True})
    with engine.connect() as con:
        assert [tuple(row) for row in con.execute(sqlalchemy.text(QUESTION.format(metric="metric")))] == answer
    manifest = json.loads((folder.parent / "manifest.json").read_text())
    asked = sqlalchemy.inspect(engine)
    assert set(asked.get_table_names()) == set(manifest["tables"][folder.name])
    assert [column["name"] for column in asked.get_columns("metric")][:3] == [
        "metric_code",
        "school_year",
        "cohort_year",
    ]
    assert asked.get_table_comment("metric")["text"]
    engine.dispose()


def test_pandas_and_polars_from_parquet(tier: tuple[Path, list[tuple[Any, ...]]]) -> None:
    folder, answer = tier
    path = folder / "parquet" / "metric.parquet"
    columns = ["metric_code", "level", "numerator", "value"]
    frame = pandas.read_parquet(path, columns=columns, dtype_backend="pyarrow")
    by_pandas = (
        frame.groupby(["metric_code", "level"], as_index=False)
        .agg(n=("metric_code", "size"), numerator=("numerator", lambda s: s.sum(min_count=1)), value=("value", "max"))
        .sort_values(["metric_code", "level"])
    )
    assert [tuple(None if pandas.isna(v) else v for v in row) for row in by_pandas.itertuples(index=False)] == answer
    summed = polars.when(polars.col("numerator").count() > 0).then(polars.col("numerator").sum()).alias("numerator")
    by_polars = (
        polars.scan_parquet(path)
        .group_by("metric_code", "level")
        .agg(polars.len().alias("n"), summed, polars.col("value").max())
        .sort("metric_code", "level")
        .collect()
    )
    assert by_polars.rows() == answer
