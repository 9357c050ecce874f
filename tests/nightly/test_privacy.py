"""The certificate of the public tier: recounted from the published table, and refused when a hidden figure is shown."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import duckdb
import pytest

from pipelines.assets.checks import privacy_verdict
from pipelines.privacy.certificate import certify
from tests.support.leaks import plant

pytestmark = pytest.mark.pipeline

ASK = """
import sys, duckdb
from pipelines.privacy.certificate import certify
with duckdb.connect(sys.argv[1], read_only=True, config={"threads": sys.argv[2]}) as con:
    print(certify(con))
"""
KEYS = "metric_code cohort_year snapshot_code basis level entity_code group_type group_code".split()


def test_the_certificate_counts_what_is_published(sample):
    """Figures, hidden figures and their causes, counted again in plain SQL over the release and the warehouse."""
    told = sample.manifest["privacy"]
    with duckdb.connect(str(sample.current / "public" / "core.duckdb"), read_only=True) as con:
        figures, hidden = con.execute(
            "select count(*), count(*) filter (display = '*' and suppression = 'suppressed') from metric"
        ).fetchall()[0]
    with duckdb.connect(str(sample.path / "warehouse" / "core.duckdb"), read_only=True) as con:
        small = con.execute("select count(*) from privacy.public_count where n between 1 and 10").fetchall()[0][0]
    assert (told["figures"], told["hidden_figures"], told["exact_recoveries"], told["open_counts"]) == (
        figures,
        hidden,
        0,
        0,
    )
    assert told["narrowest_interval"] >= 3
    # sums that leave a rest have counts of their own besides
    assert told["small_counts"] >= small > 100
    assert 0 < told["primary_figures"] <= hidden < figures
    assert told["hidden_to_primary"] == pytest.approx(hidden / told["primary_figures"], abs=0.001)


@pytest.fixture(scope="module")
def warehouse(sample, tmp_path_factory):
    """A copy of the sample's warehouse, to spoil."""
    path = tmp_path_factory.mktemp("privacy") / "core.duckdb"
    shutil.copy2(sample.path / "warehouse" / "core.duckdb", path)
    with duckdb.connect(str(path)) as con:
        yield con


LEAKS = {
    "a small numerator": ("numerator between 1 and 10", 1),
    "a small complement": ("denominator - numerator between 1 and 10", 1),
    "what the audit alone has hidden": ("is_by_audit", 100_000),
}


@pytest.mark.parametrize("cause", LEAKS)
def test_hidden_figures_that_stand_are_found(warehouse, cause):
    """Figures shown that should not be: one with a small count of its own, or those that only sums over several figures
    give away."""
    condition, n = LEAKS[cause]
    warehouse.execute("begin")
    warehouse.execute(
        f"""update public.metric as shown
        set suppression = 'none', numerator = figure.numerator, denominator = figure.denominator
        from (
            select * replace (nullif(basis, '') as basis)
            from privacy.public_primary inner join privacy.public_hidden using (figure_id)
            where {condition} and extreme is null and unit = 'rate' order by figure_id limit {n}
        ) as figure
        where {" and ".join(f"shown.{key} is not distinct from figure.{key}" for key in KEYS)}"""
    )
    certificate = certify(warehouse)
    warehouse.execute("rollback")
    assert certificate.open_counts > 0
    assert privacy_verdict(certificate).blocks


#: the others of the ten are planted by `make privacy`, or in hand-made systems (tests/pipelines/privacy)
@pytest.mark.parametrize("name", ["a sum of parts", "the remainder of the schools", "two releases", "a restatement"])
def test_planted_leaks_are_found(warehouse, tmp_path, name):
    planted = plant(warehouse, name, tmp_path)
    assert planted.figures, "nothing to plant it on"
    assert planted.is_found
    assert privacy_verdict(planted.certificate).blocks


def test_the_answer_does_not_depend_on_threads(warehouse, tmp_path):
    """The audit of the release in processes of one and of four threads, of the engine and of numerical libraries; what it
    hides is worked out again so by `make privacy`."""
    path = tmp_path / "core.duckdb"
    warehouse.execute("checkpoint")
    shutil.copy2(
        warehouse.execute("select path from duckdb_databases() where database_name = 'core'").fetchall()[0][0], path
    )
    answers = set()
    for threads in ("1", "4"):
        environment = {**os.environ, **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), threads)}
        done = subprocess.run(
            [sys.executable, "-c", ASK, str(path), threads],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        answers.add(done.stdout)
    (answer,) = answers
    assert "open_counts=0" in answer and "programs=" in answer


def test_a_figure_that_shows_another_count_is_refused(warehouse):
    """The audit reasons about the counts that it knows: a table that shows others is none that it can vouch for."""
    warehouse.execute("begin")
    warehouse.execute("update public.metric set denominator = denominator + 1 where suppression = 'none'")
    with pytest.raises(ValueError, match="do not show the figure behind them"):
        certify(warehouse)
    warehouse.execute("rollback")


def test_the_sample_passes(warehouse):
    """The copy before anything was spoiled."""
    assert not privacy_verdict(certify(warehouse)).blocks
