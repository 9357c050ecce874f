"""Any number of readers on `current` while releases are published: no error, and never two releases in one reading."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb
import pytest

from pipelines.release.manifest import Manifest
from pipelines.release.publish import publish
from tests.pipelines.release.test_publish import candidate
from tests.support.crowd import crowd
from tests.support.reader import MixedReadError, read, read_until, stamp
from tests.support.small_warehouse import build

READERS, RELEASES = 8, 3


@pytest.fixture()
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    build(con)
    return con


def publish_number(con: duckdb.DuckDBPyConnection, published: Path, number: int) -> Manifest:
    stamp(con, number)
    return publish(con, published, candidate(code_version=str(number)), keep=14)


def test_eight_readers_in_a_loop_over_three_releases(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    first = publish_number(con, tmp_path, 0)
    with crowd(read_until, READERS, tmp_path) as readers:
        readers.wait_until_all_saw(first.release_id)
        ids, spans = [first.release_id], []
        for number in range(1, RELEASES + 1):
            began = time.monotonic()
            ids.append(publish_number(con, tmp_path, number).release_id)
            spans.append((began, time.monotonic()))
            readers.wait_until_all_saw(ids[-1])
        laps = readers.end()
    assert {lap.release_id for lap in laps} == set(ids)
    for began, ended in spans:
        beside = {lap.reader for lap in laps if lap.began < ended and lap.ended > began}
        assert len(beside) >= READERS // 2, "hardly a reader read while a release was written"
    for reader in range(READERS):
        seen = [lap.release_id for lap in laps if lap.reader == reader]
        assert seen == sorted(seen), "a reader went back to an older release"


def test_a_mixed_read_is_noticed(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """What the readers prove can fail: through the link again for each file, two releases meet."""
    publish_number(con, tmp_path, 1)
    before = (tmp_path / "current").resolve()
    after = publish_number(con, tmp_path, 2)
    mixed = tmp_path / "mixed"
    for tier in ("public", "restricted"):
        (mixed / tier).parent.mkdir(exist_ok=True)
        (mixed / tier).symlink_to(before / tier)
    (mixed / "partner").symlink_to(tmp_path / "current" / "partner")
    (mixed / "manifest.json").symlink_to(before / "manifest.json")
    with pytest.raises(MixedReadError, match="partner"):
        read(mixed)
    assert read(before) < read((tmp_path / "current").resolve()) == after.release_id
