"""Homes that several tests of the nightly run share: making one costs a minute."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.nightly import PROJECT, Home

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
