"""core page and core student-list on the sample, as a user runs them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import CannotRunError
from pipelines.page import find_chromium
from tests.support.nightly import Home

SCHOOL = "10621669100002"


def test_a_school_is_printed_on_two_pages(sample: Home, chromium: str, tmp_path: Path) -> None:
    for paper in ("Letter", "A4"):
        out = tmp_path / f"{paper}.pdf"
        done = sample.core("page", SCHOOL, "--pdf", str(out), "--paper", paper)
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().startswith(b"%PDF")
        assert re.findall(rb"/Count (\d+)", out.read_bytes()) == [b"2"], paper


def test_a_page_that_is_not_there_is_wrong_usage(sample: Home, tmp_path: Path) -> None:
    done = sample.core("page", "123", "--png", str(tmp_path / "x.png"))
    assert done.returncode == 2
    assert "no page of school '123'" in done.stderr and len(done.stderr.splitlines()) == 1
    assert sample.core("page", SCHOOL, "--pdf", str(tmp_path / "x.png")).returncode == 2


def test_without_a_browser_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORE_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CannotRunError, match="apt-get install chromium"):
        find_chromium()


def test_the_list_is_of_the_schools_ninth_graders_and_says_why(sample: Home) -> None:
    done = sample.core("student-list", SCHOOL, "--csv")
    assert done.returncode == 0, done.stderr
    listed = list(csv.DictReader(io.StringIO(done.stdout)))
    as_of = dt.date.fromisoformat(sample.manifest["as_of"])
    with duckdb.connect(str(sample.current / "restricted" / "fresno" / "core.duckdb"), read_only=True) as con:
        enrolled = con.execute(
            "select student_key, school_code, entry_date from enrollment where is_primary and grade_level = '09' "
            "and entry_date <= ? and (exit_date is null or exit_date >= ?) order by entry_date, school_code desc",
            [as_of, as_of],
        ).fetchall()
        last = {key: school for key, school, _ in enrolled}
        expected = {key for key, school in last.items() if school == SCHOOL}
        snapshots = con.execute(
            "select student_key, as_of, cohort_year, snapshot_code, lane, reasons from student_snapshot "
            "where rule_set = 'core5_v1' and as_of <= ? and lane is not null order by as_of, cohort_year",
            [as_of],
        ).fetchall()
    latest = {row[0]: row for row in snapshots}
    assert len(listed) == len(expected) > 50
    assert {row["student_key"] for row in listed} == expected
    for row in listed:
        known = latest.get(row["student_key"])
        assert row["lane"] == ("" if known is None else str(known[4]))
        if known is not None:
            assert row["why"].split("; ") == "; ".join(known[5]).split("; ")
    told = sample.core("student-list", SCHOOL).stdout
    assert f"{len(expected)} ninth graders" in told and "synthetic" in told and "What is missing" in told


def test_who_cannot_open_the_district_gets_no_list(sample: Home) -> None:
    done = sample.core("student-list", "123")
    assert done.returncode == 2 and "no school '123'" in done.stderr
