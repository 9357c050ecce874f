"""Homes that several tests of the nightly run share: making one costs a minute."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml

from tests.support.nightly import PROJECT, Home, synth

SAMPLE = PROJECT / "data" / "sample"


@pytest.fixture(scope="session")
def sample_as_of() -> dt.date:
    return dt.date.fromisoformat((SAMPLE / "AS_OF").read_text().strip())


@pytest.fixture(scope="session")
def sample(tmp_path_factory, sample_as_of) -> Home:
    """The committed sample, published once."""
    home = Home(tmp_path_factory.mktemp("sample") / "home", SAMPLE)
    home.run(sample_as_of)
    return home


@pytest.fixture(scope="session")
def regenerated(tmp_path_factory):
    """The sample made again from its recipe, with the true facts beside it."""
    out = tmp_path_factory.mktemp("synth") / "sample"
    recipe = yaml.safe_load((SAMPLE / "RECIPE.yml").read_text())
    synth(out, *recipe["arguments"])
    return out
