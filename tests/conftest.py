"""What tests in several folders share: the published sample, made once however many processes run the tests."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from tests.support.nightly import PROJECT, Home, synth

SAMPLE = PROJECT / "data" / "sample"
# What takes minutes begins first, so that no process ends long after the other; then the sample is made for all
FIRST = (
    "tests/nightly/test_nights.py",
    "tests/nightly/test_truth.py",
    "tests/nightly/test_sample.py",
    "tests/nightly/test_bad_input.py",
    "tests/nightly/test_golden_files.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files in FIRST, then those that read the sample (by then it is there), then the rest: short ones fill the end."""
    reads_sample = {item.path for item in items if "sample" in getattr(item, "fixturenames", ())}
    places = {PROJECT / name: place for place, name in enumerate(FIRST)}
    items.sort(key=lambda item: (places.get(item.path, len(FIRST)), item.path not in reads_sample))


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[Path], object]], Path]:
    """`once(name, make)`: a folder that the first process to ask fills with `make(folder)`, and the others wait for."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    shared.mkdir(exist_ok=True)

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        done, path = shared / f"{name}.done", shared / name
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                # a failure is everybody's: who comes next finds the folder and fails at once, instead of after minutes
                path.mkdir()
                make(path)
                done.touch()
        return path

    return folder


@pytest.fixture(scope="session")
def sample_as_of() -> dt.date:
    return dt.date.fromisoformat((SAMPLE / "AS_OF").read_text().strip())


@pytest.fixture(scope="session")
def sample(once, sample_as_of) -> Home:
    """The committed sample, published once. Tests read it; who changes a home copies it first."""
    return Home(once("sample", lambda path: Home(path / "home", SAMPLE).run(sample_as_of)) / "home", SAMPLE)


@pytest.fixture(scope="session")
def regenerated(once) -> Path:
    """The sample made again from its recipe, with the true facts beside it."""
    arguments = yaml.safe_load((SAMPLE / "RECIPE.yml").read_text())["arguments"]
    return once("regenerated", lambda path: synth(path / "sample", *arguments)) / "sample"
