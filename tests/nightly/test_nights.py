"""A clock that a reader can trust: one run over all deliveries, and one run a night, end in the same content hashes.

And what a home with several nights behind it is good for: verifying an old release, telling two of them apart.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections import Counter
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from tests.support.nightly import Home, synth
from tests.support.nights import LATE, flip, three_nights

pytestmark = pytest.mark.pipeline

GRAIN = "metric_code, cohort_year, snapshot_code, basis, level, entity_code, group_type, group_code"


def make_nights(folder: Path) -> None:
    """`once`: all deliveries in one run, one thread. `nightly`: three nights with eight and two threads."""
    landing = folder / "landing"
    as_of = synth(landing, "--per-district", "30", "--years", "2", "--seed", "21")
    once = Home(folder / "once", landing, environment={"CORE_THREADS": "1"})
    once.run(as_of)
    three_nights(folder, landing, as_of, once.path / "key")


@pytest.fixture(scope="module")
def nights(once) -> Path:
    return once("nights", make_nights)


@pytest.fixture(scope="module")
def nightly(nights: Path) -> Home:
    return Home(nights / "nightly", nights / "gone")


@pytest.fixture()
def copied(nightly: Home, tmp_path: Path) -> Home:
    """The home without what can be made again; files are shared with it, so one is replaced and never written into."""
    made_again = shutil.ignore_patterns("warehouse", "dagster", "dbt_target", "logs")
    shutil.copytree(nightly.path, tmp_path / "home", symlinks=True, ignore=made_again, copy_function=os.link)
    (tmp_path / "home" / "ledger.sqlite").unlink()
    shutil.copy2(nightly.path / "ledger.sqlite", tmp_path / "home" / "ledger.sqlite")
    return Home(tmp_path / "home", nightly.landing)


def test_one_go_equals_night_by_night_with_any_threads_times_and_order_of_arrival(nights: Path, nightly: Home) -> None:
    a, b = Home(nights / "once", nights / "landing").hashes(), nightly.hashes()
    assert a.keys() == b.keys()
    assert {k for k in a if a[k] != b[k]} == set()
    assert len(nightly.releases) == 3


def test_what_is_public_stays_as_it_is(nightly: Home) -> None:
    """Nothing was restated and the code is one: rows of a settled period never change again, hidden or shown."""
    nights = []
    for release in nightly.releases:
        path = nightly.path / "published" / "releases" / release / "public" / "core.duckdb"
        with duckdb.connect(str(path), read_only=True) as con:
            found = con.execute("select cohort_year, snapshot_code, basis, * from metric order by all").fetchall()
        nights.append({period: [row for row in found if row[:3] == period] for period in {row[:3] for row in found}})
    for earlier, later in pairwise(nights):
        assert earlier.keys() <= later.keys()
        for period, rows in earlier.items():
            assert later[period] == rows, period
    assert len(nights[0]) > 2
    assert any(row[-2] == "none" for rows in nights[0].values() for row in rows)


def test_an_old_release_comes_out_again_and_the_home_is_left_alone(nightly: Home) -> None:
    """The first night's release from all that is recorded by now; the landing is gone."""
    left_alone = [
        path for path in nightly.path.rglob("*") if path.is_file() and not path.name.startswith("ledger.sqlite")
    ]
    before = {path: path.stat().st_mtime_ns for path in left_alone}
    done = nightly.core("verify", nightly.releases[0])
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"SAME: {nightly.releases[0]}" in done.stdout
    assert "the same" in next(line for line in done.stdout.splitlines() if line.startswith("rebuild:"))
    assert {path: path.stat().st_mtime_ns for path in left_alone} == before


def test_what_arrived_since_is_told_and_left_out(nightly: Home) -> None:
    done = nightly.core("verify", nightly.releases[1], "--files-only")
    assert done.returncode == 0, done.stdout
    notes = [line for line in done.stdout.splitlines() if "was recorded since (accepted) and is left out" in line]
    assert sorted(line.split()[1] for line in notes) == sorted(LATE)
    assert "recorded since" not in nightly.core("verify", nightly.releases[0], "--files-only").stdout


def test_one_byte_of_raw_is_found_with_the_delivery_it_came_from(copied: Home) -> None:
    for release in copied.releases:
        assert copied.core("verify", release, "--files-only").returncode == 0
    listed = json.loads((copied.path / "published/releases" / copied.releases[0] / "manifest.json").read_text())
    raw = listed["basis"]["raw"]
    assert len(raw) > 100
    victim = raw[len(raw) // 2]["path"]
    flip(copied.path / "raw" / victim)
    district, feed, name = victim.split("/")
    with sqlite3.connect(copied.path / "ledger.sqlite") as ledger:
        deliveries = {
            row[0] for row in ledger.execute("select delivery from file where file_id = ?", [name.split(".")[0]])
        }
    done = copied.core("verify", copied.releases[0])
    assert done.returncode == 1
    (told,) = [line for line in done.stdout.splitlines() if "differs:" in line]
    assert f"raw/{district}/{feed}/{name}" in told and "backup" in told
    assert any(delivery in told for delivery in deliveries)
    assert "not rebuilt" in done.stdout and "DIFFERS" in done.stdout
    (copied.path / "raw" / victim).unlink()
    assert "is gone" in copied.core("verify", copied.releases[-1], "--files-only").stdout


@pytest.mark.parametrize("path", ["public/core.duckdb", "restricted/fresno/parquet/student.parquet", "site/index.html"])
def test_one_byte_of_a_release_is_found(copied: Home, path: str) -> None:
    victim = copied.releases[1]
    flip(copied.path / "published" / "releases" / victim / path)
    done = copied.core("verify", victim, "--files-only")
    assert done.returncode == 1
    assert f"differs: {path} is not what was published" in done.stdout
    assert copied.core("verify", copied.releases[0], "--files-only").returncode == 0


def test_a_ledger_that_has_lost_an_input_is_found(copied: Home) -> None:
    with sqlite3.connect(copied.path / "ledger.sqlite") as ledger:
        first = "(select min(rowid) from file where district = ? and delivery = (select min(delivery) from delivery where district = ?))"
        ledger.execute(f"delete from file where rowid = {first}", ["fresno", "fresno"])
        ledger.execute(f"update file set sha256 = 'x' where rowid = {first}", ["oakland", "oakland"])
    done = copied.core("verify", copied.releases[0], "--files-only")
    assert done.returncode == 1
    assert "fresno" in done.stdout and "is not in the ledger" in done.stdout
    assert "has other bytes in the ledger" in done.stdout


def figures(release: Path, rule_set: str) -> dict[tuple, tuple]:
    with duckdb.connect(str(release / "partner" / "core.duckdb"), read_only=True) as con:
        rows = con.execute(
            f"select {GRAIN}, value, numerator, denominator, display, suppression, is_provisional from metric where rule_set = ?",
            [rule_set],
        ).fetchall()
    return {row[:8]: row[8:] for row in rows}


def test_the_difference_of_two_releases_is_what_counting_by_hand_gives(nightly: Home) -> None:
    first, _, last = nightly.releases
    done = nightly.core("diff", first, last, "--json", "--limit", "5000", "--rule-set", "simple4_v1")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    folders = [nightly.path / "published" / "releases" / name for name in (first, last)]
    old, new = (figures(folder, "simple4_v1") for folder in folders)
    expected: dict[str, Counter] = {}
    for key in old.keys() | new.keys():
        a, b = old.get(key), new.get(key)
        if a is None or b is None:
            state = "new" if a is None else "gone"
        elif "suppressed" in (a[4], b[4]):
            state = "hidden" if a[4] == b[4] else "now_hidden" if b[4] == "suppressed" else "now_shown"
        else:
            state = "same" if a[:4] == b[:4] else "changed"
        counts = expected.setdefault(f"{key[0]} {key[4]}", Counter())
        counts[state] += 1
        counts["settled"] += bool(a and b and a[5] and not b[5])
    states = ("same", "changed", "new", "gone", "now_shown", "now_hidden", "hidden", "settled")
    assert {f"{each['metric_code']} {each['level']}": Counter({s: each[s] for s in states}) for each in told["metrics"]} == {
        name: Counter({s: counts[s] for s in states}) for name, counts in expected.items()
    }  # fmt: skip
    changed = [
        key
        for key in old.keys() & new.keys()
        if "suppressed" not in (old[key][4], new[key][4]) and old[key][:4] != new[key][:4]
    ]
    # of so few students hardly a figure is shown twice; tests/pipelines/release/test_diff.py has some that changed
    assert len(told["largest"]) == len(changed)
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in folders]
    sent = [{(f["district"], f["delivery"]) for f in each["inputs"]} for each in manifests]
    assert {(name, d) for name, each in told["causes"]["deliveries"].items() for d in each["new"]} == sent[1] - sent[0]
    frozen = {f["vantage"] for f in manifests[1]["basis"]["freezes"]} - {
        f["vantage"] for f in manifests[0]["basis"]["freezes"]
    }
    assert frozen and {each.split(" ")[0] for each in told["causes"]["freezes"]} == frozen
    tables = {
        (tier, table) for tier, listed in manifests[1]["tables"].items() for table in listed
        if listed[table] != manifests[0]["tables"][tier].get(table)
    }  # fmt: skip
    assert {(each["tier"], each["table"]) for each in told["tables"]} == tables


def test_the_difference_for_a_person_names_causes_and_no_hidden_figure(nightly: Home) -> None:
    first, _, last = nightly.releases
    done = nightly.core("diff", first[:23], "current", "--limit", "5000")
    assert done.returncode == 0, done.stderr
    assert f"{first} -> {last} (synthetic data)" in done.stdout
    for word in ("newly frozen", "new: ", "as of ", " tables, ", "figures (partner, core5_v1)"):
        assert word in done.stdout, word
    assert " * " not in done.stdout and "* ->" not in done.stdout and "-> *" not in done.stdout
    public = nightly.core("diff", first, last, "--tier", "public")
    assert public.returncode == 0 and "figures (public, core5_v1)" in public.stdout
    assert "is one release" in nightly.core("diff", last, last).stdout


def test_figures_of_two_rule_sets_never_stand_against_each_other(copied: Home) -> None:
    first, _, last = copied.releases
    missing = copied.core("diff", first, last, "--tier", "public", "--rule-set", "simple4_v1")
    assert missing.returncode == 2 and "never set against each other" in missing.stderr
    path = copied.path / "published" / "releases" / last / "manifest.json"
    told = json.loads(path.read_text())
    path.unlink()
    path.write_text(json.dumps({**told, "rule_set": "simple4_v1"}))
    other = copied.core("diff", first, last)
    assert other.returncode == 2 and "never set against each other" in other.stderr
    assert copied.core("diff", first, last, "--rule-set", "core5_v1").returncode == 0
    assert copied.core("diff", "1999", last).returncode == 2
    assert copied.core("diff", first, last, "--tier", "restricted").returncode == 2
