"""The bundled sample, through the command a user calls."""

from __future__ import annotations

import filecmp
import json
import os
import shutil
import subprocess
import sys

import duckdb
import pytest
import yaml

from tests.conftest import SAMPLE
from tests.reference import lanes, progress
from tests.support.aggregates import aggregate_differences
from tests.support.dbt import dbt
from tests.support.nightly import CONTRACTS, SHARED, Home, contract_check, districts
from tests.support.truth import (
    SNAPSHOT,
    computed,
    differences,
    is_progress,
    published,
    row_differences,
    student_key,
)

pytestmark = pytest.mark.pipeline

KEY = ["student_key", "snapshot_code", "cohort_year", "rule_set"]


def test_the_committed_sample_is_what_its_recipe_makes(regenerated):
    def files(root):
        return sorted(
            p.relative_to(root)
            for p in root.rglob("*")
            if p.is_file() and "_truth" not in p.parts and p.name != "RECIPE.yml"
        )

    assert files(SAMPLE) == files(regenerated)
    _, differ, odd = filecmp.cmpfiles(SAMPLE, regenerated, files(SAMPLE), shallow=False)
    assert (differ, odd) == ([], [])


def test_every_student_is_as_the_reference_says(sample, regenerated, sample_as_of):
    found, examples, n = differences(sample.current, regenerated / "_truth", sample_as_of, sample.secret, districts())
    assert not found, f"{dict(found)} of {n} students: {dict(examples)}"
    assert n > 5000


def test_every_figure_is_as_the_reference_says(sample, regenerated, sample_as_of):
    """Counts before anything is hidden, in both directions, and each figure that is shown; the students above are counted."""
    found, examples, n = aggregate_differences(sample, regenerated / "_truth", sample_as_of, districts())
    assert not found, f"{dict(found)} of {n} figures: {dict(examples)}"
    assert n > 100_000


def test_every_progress_snapshot_is_as_the_reference_says(sample, regenerated, sample_as_of):
    truth = regenerated / "_truth"
    computation, *_ = computed(truth, sample_as_of, districts())
    marks = progress.load_marks(truth, sample_as_of)
    wanted = {
        (student_key(sample.secret, s.person), s.code, s.cohort_year, s.rule_set): s
        for s in progress.snapshots(computation.current, marks, lanes.RULE_SETS)
    }
    rows, torn = published(sample.current, "student_snapshot", KEY, SNAPSHOT)
    found = {key: row for key, row in rows.items() if is_progress(key[1])}
    assert torn == 0
    assert len(wanted) > 5000
    assert found.keys() == wanted.keys()
    differing = [name for key, row in found.items() for name in row_differences(wanted[key], row)]
    assert not differing, {name: differing.count(name) for name in set(differing)}


def test_progress_snapshots_are_provisional_and_in_no_figure(sample):
    rows, _ = published(sample.current, "student_snapshot", KEY, ["is_frozen", "frozen_on"])
    assert {tuple(row.values()) for key, row in rows.items() if is_progress(key[1])} == {(False, None)}
    later, _ = published(sample.current, "student_snapshot_current", KEY, ["is_frozen"])
    assert not [key for key in later if is_progress(key[1])]


def test_all_eight_districts_are_in_the_marts(sample):
    codes = {
        c["district_code"]
        for c in (yaml.safe_load(p.read_text()) for p in CONTRACTS.glob("*.yml"))
        if c["kind"] == "district"
    }
    assert len(codes) == 8
    con = duckdb.connect(str(sample.current / "partner" / "core.duckdb"), read_only=True)
    shown = {
        r[0]
        for r in con.execute(
            "select distinct entity_code from metric where level = 'district' and metric_code = 'movement_rate'"
        ).fetchall()
    }
    con.close()
    assert shown == codes


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the contract check is kept beside the project and is not here")
def test_contract_check_finds_nothing_in_the_tables_of_the_nightly_run(sample):
    assert contract_check(sample.current) == []


def test_every_dbt_test_holds_on_the_sample(sample, tmp_path):
    """Grains, keys and accepted values of every model and seed: the nightly run leaves them to this test."""
    warehouse = sample.path / "warehouse" / "core.duckdb"
    done = dbt(warehouse, tmp_path, "test", "--exclude-resource-type", "unit_test")
    assert done.returncode == 0, done.stdout[-3000:]
    asked = [r for r in json.loads((tmp_path / "run_results.json").read_text())["results"] if r["status"] == "pass"]
    assert len(asked) > 100


def test_nothing_new_makes_no_release(sample, sample_as_of):
    before = (sample.releases, sample.manifest)
    done = sample.run(sample_as_of)
    assert (sample.releases, sample.manifest) == before
    assert "nothing new" in done.stdout.lower()


def test_nothing_new_is_decided_before_the_heavy_imports(sample, sample_as_of):
    done = sample.core("run", "--as-of", sample_as_of.isoformat())
    assert done.returncode == 0
    script = (
        "import sys\n"
        "from pipelines.cli import main\n"
        f"sys.argv = ['core', 'run', '--as-of', '{sample_as_of}']\n"
        "try:\n    main()\nexcept SystemExit as e:\n    assert not e.code, e.code\n"
        "print('heavy:', sorted({'dagster', 'dbt', 'great_expectations', 'duckdb', 'pandas'} & set(sys.modules)))"
    )
    environment = {**os.environ, "CORE_HOME": str(sample.path), "CORE_LANDING": str(sample.landing)}
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=False)
    assert "heavy: []" in out.stdout, out.stdout + out.stderr


def test_one_more_delivery_makes_a_release(sample, sample_as_of, tmp_path):
    landing, path = tmp_path / "landing", tmp_path / "home"
    shutil.copytree(SAMPLE, landing)
    shutil.copytree(sample.path, path, symlinks=True)
    home = Home(path, landing)
    before = home.releases
    # fresno's newest delivery again under a later date, one file of it without its last row
    newest = sorted(p for p in (landing / "garden_grove").iterdir())[-1]
    later = landing / "garden_grove" / (f"{sample_as_of.isoformat()}-z" + newest.suffix)
    if newest.is_dir():
        shutil.copytree(newest, later)
        changed = next(p for p in sorted(later.rglob("ATT*")) if p.stat().st_size > 200)
        lines = changed.read_bytes().splitlines(keepends=True)
        changed.write_bytes(b"".join(lines[:-1]))
    else:
        import zipfile

        with zipfile.ZipFile(newest) as old, zipfile.ZipFile(later, "w") as new:
            for name in old.namelist():
                lines = old.read(name).splitlines(keepends=True)
                new.writestr(name, b"".join(lines[:-1] if "ATT" in name and len(lines) > 2 else lines))
    home.run(sample_as_of)
    assert len(home.releases) == len(before) + 1
    assert home.manifest["release_id"] == home.releases[-1]
