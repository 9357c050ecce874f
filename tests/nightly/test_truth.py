"""Other worlds than the sample: every student of each equals the reference."""

from __future__ import annotations

import shutil

import duckdb
import pytest
import yaml

from tests.support.aggregates import aggregate_differences
from tests.support.nightly import CONTRACTS, Home, districts, synth
from tests.support.truth import differences
from tests.truth import planted_in_reference

pytestmark = pytest.mark.pipeline


def test_another_seed(tmp_path):
    landing = tmp_path / "landing"
    as_of = synth(landing, "--students", "9000", "--grades", "8-10", "--years", "3", "--seed", "12")
    home = Home(tmp_path / "home", landing)
    home.run(as_of)
    found, examples, n = differences(home.current, landing / "_truth", as_of, home.secret, districts())
    assert not found, f"{dict(found)} of {n} students: {dict(examples)}"
    assert n > 1000
    cells, cell_examples, n_cells = aggregate_differences(home, landing / "_truth", as_of, districts())
    assert not cells, f"{dict(cells)} of {n_cells} figures: {dict(cell_examples)}"
    # the comparison sees a rule that is a little off
    assert planted_in_reference(home, landing, as_of) > 0


def test_a_ninth_district_is_a_copied_yaml(tmp_path):
    """One YAML taken away; its files under a new name with a copied YAML: no code is touched, and the truth still holds."""
    contracts, landing = tmp_path / "contracts", tmp_path / "landing"
    shutil.copytree(CONTRACTS, contracts)
    as_of = synth(landing, "--students", "9000", "--grades", "8-10", "--years", "3", "--seed", "13")
    text = (contracts / "santa_ana.yml").read_text()
    (contracts / "santa_ana.yml").unlink()
    (contracts / "ninth_district.yml").write_text(text.replace("district: santa_ana", "district: ninth_district"))
    (landing / "santa_ana").rename(landing / "ninth_district")
    home = Home(tmp_path / "home", landing, contracts)
    home.run(as_of)
    code = yaml.safe_load(text)["district_code"]
    assert home.manifest["districts"]["ninth_district"]["district_code"] == code
    assert "santa_ana" not in home.manifest["districts"]
    con = duckdb.connect(str(home.current / "restricted" / "ninth_district" / "core.duckdb"), read_only=True)
    assert con.execute("select count(*) from student_snapshot where lane is not null").fetchall()[0][0] > 50
    con.close()
    found, examples, _ = differences(home.current, landing / "_truth", as_of, home.secret, districts(contracts))
    assert not found, f"{dict(found)}: {dict(examples)}"
