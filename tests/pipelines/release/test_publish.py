"""A release from a hand-made warehouse: layout, modes, contents, link, retention, and what stops it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import signal
import stat
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.release import publish as publishing
from pipelines.release.candidate import Candidate
from pipelines.release.content import content_hash
from pipelines.release.current import current_release, make_current
from pipelines.release.integrity import file_differences
from pipelines.release.manifest import Check, DistrictState, Held, InputFile, Manifest, changes, read_manifest
from pipelines.release.publish import moment_after, publish, verify_written
from pipelines.release.tiers import ReleaseError
from tests.support.nightly import PROJECT
from tests.support.small_warehouse import KEY, NORTH, RESTRICTED, SOUTH, build


def candidate(**other: object) -> Candidate:
    facts: dict[str, object] = {
        "as_of": dt.date(2024, 7, 31),
        "rule_set": "core5_v1",
        "code_version": "c0de",
        "key_fingerprint": "f1",
        "is_synthetic": True,
        "districts": {
            "north": DistrictState(district_code=NORTH, delivery="2024-07-01", age_days=30, held=[]),
            "south": DistrictState(
                district_code=SOUTH,
                delivery=None,
                age_days=None,
                held=[Held(delivery="2024-07-02", reason="marks.csv: line 7: 3 columns, expected 5")],
            ),
        },
        "restricted": ["north", "south"],
        "inputs": [InputFile(district="north", delivery="2024-07-01", path="marks.csv", sha256="0" * 64, bytes=3)],
        "checks": [Check(name="a", severity="error", status="passed", failed=0)],
        "quality": [
            {"suite": "marts", "name": "n", "table": "restricted.student", "asks": "what <holds>", "severity": "warning",
             "status": "failed", "failed": 2, "keys": ("north: 2",), "action": "ask north"}
        ],
        "lineage": {"public.metric": ["on_track.metric"]},
    }  # fmt: skip
    return Candidate(**{**facts, **other})  # type: ignore[arg-type]


@pytest.fixture()
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    build(con)
    return con


def test_layout_modes_and_manifest(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest = publish(con, tmp_path, candidate(), keep=14)
    release = tmp_path / "releases" / manifest.release_id
    assert (tmp_path / "current").readlink() == Path("releases") / manifest.release_id
    assert {path.name for path in release.iterdir()} == {
        "manifest.json", "public", "partner", "restricted", "site", "quality", "docs"
    }  # fmt: skip
    assert {path.name for path in (release / "restricted").iterdir()} == {"north", "south"}
    for path in release.rglob("*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        private = "restricted" in path.relative_to(release).parts
        assert (
            mode
            == {(True, True): 0o700, (True, False): 0o600, (False, True): 0o755, (False, False): 0o644}[
                private, path.is_dir()
            ]
        ), path
    told = json.loads((release / "manifest.json").read_text())
    assert told["contract_version"] == "1.0" and told["is_synthetic"] is True
    assert told["districts"]["south"] == {
        "district_code": SOUTH, "delivery": None, "age_days": None,
        "held": [{"delivery": "2024-07-02", "reason": "marks.csv: line 7: 3 columns, expected 5"}],
    }  # fmt: skip
    listed = {entry["path"]: entry for entry in told["files"]}
    files = {path.relative_to(release).as_posix(): path for path in release.rglob("*") if path.is_file()}
    assert set(listed) == set(files) - {"manifest.json"}
    for name, entry in listed.items():
        assert entry["sha256"] == hashlib.sha256(files[name].read_bytes()).hexdigest()
        assert entry["bytes"] == files[name].stat().st_size
    verify_written(tmp_path, manifest)


def test_a_district_gets_its_rows_alone_sorted_with_comments(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest = publish(con, tmp_path, candidate(), keep=14)
    folder = tmp_path / "current" / "restricted" / "north"
    north = duckdb.connect(str(folder / "core.duckdb"), read_only=True)
    assert north.execute("select student_key from student").fetchall() == [(KEY[1],), (KEY[2],)]
    assert {row[0] for row in north.execute("select table_name from duckdb_tables()").fetchall()} == set(RESTRICTED)
    columns = north.execute("select column_name, comment from duckdb_columns() where table_name = 'student'").fetchall()
    assert "_release_district" not in dict(columns)
    assert dict(columns)["ssid"] == "What ssid means"
    assert north.execute("select comment from duckdb_tables() where table_name = 'student'").fetchall() == [
        ("One row per thing; it's student",)
    ]
    for table in RESTRICTED:
        parquet = north.execute(f"select * from read_parquet('{folder}/parquet/{table}.parquet')").fetchall()
        assert parquet == north.execute(f"select * from {table}").fetchall()
        assert manifest.tables["restricted/north"][table].rows == len(parquet)
    assert manifest.tables["restricted/south"]["student"].rows == 1


def test_a_warehouse_in_another_order_has_the_same_hashes(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first = publish(con, tmp_path, candidate(), keep=14)
    for table in RESTRICTED:
        con.execute(f"create or replace table restricted.{table} as select * from restricted.{table} order by all desc")
    con.execute("set threads = 1")
    second = publish(con, tmp_path, candidate(), keep=14)
    assert second.release_id > first.release_id
    assert second.tables == first.tables
    assert changes(first, second)["changed"] == []
    con.execute("update restricted.student set el_status = 'EL' where _release_district = 'south'")
    third = publish(con, tmp_path, candidate(), keep=14)
    assert changes(second, third)["changed"] == ["restricted/south.student"]


def test_content_hash_follows_its_recipe() -> None:
    con = duckdb.connect()
    rows = [(1, "a", None), (2, "b\x1fc", 2.5)]
    con.execute("create table t (n integer, s varchar, d double)")
    con.executemany("insert into t values (?, ?, ?)", rows)
    first = second = 0
    for row in rows:
        line = "\x1f".join("\x1e" if value is None else str(value) for value in row)
        digest = hashlib.md5(line.encode()).hexdigest()
        first += int(digest[:16], 16)
        second += int(digest[16:], 16)
    expected = hashlib.sha256(f"n,s,d|2|{first}|{second}".encode()).hexdigest()
    assert content_hash(con, "t", ["n", "s", "d"]) == (2, expected)
    con.execute("delete from t")
    empty = hashlib.sha256(b"n,s,d|0|0|0").hexdigest()
    assert content_hash(con, "t", ["n", "s", "d"]) == (0, empty)


def test_a_failed_check_publishes_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    before = publish(con, tmp_path, candidate(), keep=14)
    broken = candidate(checks=[Check(name="a", severity="error", status="failed", failed=2)])
    with pytest.raises(ReleaseError, match="blocking check"):
        publish(con, tmp_path, broken, keep=14)
    assert current_release(tmp_path) == (tmp_path / "releases" / before.release_id).resolve()
    warned = candidate(checks=[Check(name="a", severity="warning", status="failed", failed=2)])
    assert publish(con, tmp_path, warned, keep=14).release_id > before.release_id


def test_a_run_that_breaks_off_leaves_current_and_no_half_release(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = publish(con, tmp_path, candidate(), keep=14)

    def power_cut(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(publishing, "write_pages", power_cut)
    with pytest.raises(OSError, match="disk full"):
        publish(con, tmp_path, candidate(), keep=14)
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [before.release_id]
    assert current_release(tmp_path) is not None
    left = [path for path in (tmp_path / ".building").rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert left == [], "what was left behind is readable by others"
    monkeypatch.undo()
    publish(con, tmp_path, candidate(), keep=14)
    assert not (tmp_path / ".building").exists()


@pytest.mark.parametrize("at", ["write_pages", "make_current"])
def test_a_publish_that_is_killed_outright_leaves_readers_and_the_next_run_unharmed(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, at: str
) -> None:
    before = publish(con, tmp_path, candidate(), keep=14)
    script = (
        "import os, signal, sys, duckdb\n"
        "from pathlib import Path\n"
        "from pipelines.release import publish as publishing\n"
        "from tests.pipelines.release.test_publish import candidate\n"
        "from tests.support.small_warehouse import build\n"
        f"publishing.{at} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "con = duckdb.connect()\n"
        "build(con)\n"
        "publishing.publish(con, Path(sys.argv[1]), candidate(), keep=14)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=PROJECT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert (tmp_path / "current").readlink().name == before.release_id
    for folder in (tmp_path / "releases").iterdir():
        assert file_differences(folder, read_manifest(folder)) == [], "a release is whole, or not there"
    after = publish(con, tmp_path, candidate(), keep=14)
    assert not (tmp_path / ".building").exists()
    assert (tmp_path / "current").readlink().name == after.release_id
    verify_written(tmp_path, after)


def test_old_releases_go_and_the_current_one_stays(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    ids = [publish(con, tmp_path, candidate(), keep=2).release_id for _ in range(3)]
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == ids[1:]
    make_current(tmp_path, ids[1])
    publishing.remove_old(tmp_path, 1)
    assert sorted(path.name for path in (tmp_path / "releases").iterdir()) == ids[1:]


def test_ids_sort_by_time_even_if_the_clock_goes_back() -> None:
    noon = dt.datetime(2024, 7, 31, 12, tzinfo=dt.UTC)
    assert moment_after(noon, []) == noon
    assert moment_after(noon, ["20240731T110000.000000Z"]) == noon
    assert moment_after(noon, ["20240731T130000.000000Z"]) == dt.datetime(2024, 7, 31, 13, 0, 0, 1, tzinfo=dt.UTC)


def test_a_file_changed_afterwards_is_noticed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest = publish(con, tmp_path, candidate(), keep=14)
    (tmp_path / "current" / "site" / "index.html").write_text("other")
    with pytest.raises(ReleaseError, match=r"site/index.html has 5 bytes"):
        verify_written(tmp_path, manifest)


def test_pages_are_marked_self_contained_and_hold_no_student(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    manifest: Manifest = publish(con, tmp_path, candidate(), keep=14)
    current = tmp_path / "current"
    pages = {str(path.relative_to(current)): path.read_text() for path in current.rglob("*.html")}
    assert {"site/index.html", "partner/site/index.html", "quality/index.html", "docs/index.html"} <= set(pages)
    for name, text in pages.items():
        assert "Synthetic data" in text, name
        assert manifest.release_id in text, name
        assert "http" not in text, name
        assert len(text) < 200_000, name
        assert not any(key in text for key in KEY.values()), name
        assert "L00001" not in text and "9000000001" not in text and "2009-01-05" not in text, name
    assert "33.3%" in pages["site/index.html"] and "30 of 90" in pages["site/index.html"]
    assert "line 7: 3 columns, expected 5" in pages["site/data.html"]
    quality, docs = pages["quality/index.html"], pages["docs/index.html"]
    assert "what &lt;holds&gt;" in quality and "north: 2" in quality and "ask north" in quality
    assert "What ssid means" in docs and "Made from: on_track.metric" in docs
    plain = publish(con, tmp_path, candidate(is_synthetic=False), keep=14)
    assert plain.is_synthetic is False
    assert "Synthetic data" not in (tmp_path / "current" / "site" / "index.html").read_text()
