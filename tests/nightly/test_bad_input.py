"""A district with a broken delivery stays where it was, is told why, and stops nobody."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml

from tests.support.nightly import CONTRACTS, Home, synth

pytestmark = pytest.mark.pipeline


def newest(landing: Path, district: str) -> Path:
    """The district's newest delivery as a folder (unpacked where it came as a zip)."""
    path = max((landing / district).iterdir(), key=lambda p: p.name)
    if path.suffix == ".zip":
        folder = path.with_suffix("")
        with zipfile.ZipFile(path) as z:
            z.extractall(folder)
        path.unlink()
        path = folder
    return path


def without_resends(landing: Path) -> None:
    """Same bytes again would be skipped before they are judged: leave each district's last real delivery as its newest."""
    for path in landing.glob("*/*-b*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory):
    """Four districts send something broken, each in another way, as their newest delivery."""
    landing = tmp_path_factory.mktemp("bad") / "landing"
    as_of = synth(landing, "--students", "4000", "--grades", "8-10", "--years", "2", "--seed", "31")
    without_resends(landing)
    names = {}
    # a file is missing
    folder = newest(landing, "oakland")
    next(folder.rglob("ENR*")).unlink()
    names["oakland"] = folder.name
    # a column nobody knows
    folder = newest(landing, "garden_grove")
    enr = next(folder.rglob("ENR*"))
    lines = enr.read_bytes().split(b"\r\n")
    enr.write_bytes(b"\r\n".join([lines[0] + b",SHOE", *[x + b",9" if x else x for x in lines[1:]]]))
    names["garden_grove"] = folder.name
    # another delimiter
    folder = newest(landing, "san_francisco")
    for path in folder.rglob("*.csv"):
        path.write_bytes(path.read_bytes().replace(b",", b";"))
    names["san_francisco"] = folder.name
    # a zip cut off in the middle
    last = max((landing / "santa_ana").iterdir(), key=lambda p: p.name)
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    names["santa_ana"] = last.name.removesuffix(".zip")
    # a gzip cut off in the middle
    folder = newest(landing, "fresno")
    cut = max(folder.rglob("*.gz"), key=lambda p: p.stat().st_size)
    assert gzip.decompress(cut.read_bytes())
    cut.write_bytes(cut.read_bytes()[:-40])
    names["fresno"] = folder.name
    home = Home(landing.parent / "home", landing)
    return home, home.run(as_of, expect=3), names


def test_the_others_are_published(spoiled):
    home, _, names = spoiled
    known = {
        c["district"]
        for c in map(yaml.safe_load, (p.read_text() for p in CONTRACTS.glob("*.yml")))
        if c["kind"] == "district"
    }
    districts = {name: x for name, x in home.manifest["districts"].items() if name in known}
    assert districts.keys() == known
    for name, x in districts.items():
        assert [h["delivery"] for h in x["held"]] == ([names[name]] if name in names else []), name
        assert x["delivery"], name
        if name in names:
            assert x["delivery"] != names[name]


@pytest.mark.parametrize(
    ("district", "words"),
    [
        ("oakland", ("enr",)),
        ("garden_grove", ("SHOE", "ENR.csv")),
        ("san_francisco", ("separated by", "expected ','")),
        ("santa_ana", ("zip",)),
        ("fresno", (".gz",)),
    ],
)
def test_the_reason_says_what_and_where(spoiled, district, words):
    home, done, _ = spoiled
    reason = " ".join(h["reason"] for h in home.manifest["districts"][district]["held"])
    for word in words:
        assert word.lower() in reason.lower(), reason
    assert district in done.stdout
    status = home.core("status")
    assert status.returncode in (0, 3)
    assert district in status.stdout


def test_nothing_new_still_says_that_something_is_held(spoiled):
    home, _, _ = spoiled
    releases = home.releases
    again = home.core("run", "--as-of", home.manifest["as_of"])
    assert again.returncode == 3, again.stdout + again.stderr
    assert home.releases == releases
