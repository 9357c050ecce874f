"""core page and core student-list on the sample, as a user runs them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipelines.errors import CannotRunError
from pipelines.page import find_chromium, launch_arguments
from tests.support.nightly import PROJECT, Home

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
            "and district_code = '1062166' and entry_date <= ? and (exit_date is null or exit_date >= ?) order by entry_date, school_code desc",
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


def test_chromium_runs_in_its_sandbox_unless_root_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert launch_arguments() == []
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert launch_arguments() == ["--no-sandbox"]


def test_a_browser_that_does_not_start_is_told(sample: Home, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\necho 'No usable sandbox!' >&2\nexit 1\n")
    broken.chmod(0o755)
    sample = replace(sample, environment={"CORE_CHROMIUM": str(broken)})
    done = sample.core("page", SCHOOL, "--pdf", str(tmp_path / "x.pdf"))
    assert done.returncode == 1 and "sandbox" in done.stderr and "set CORE_CHROMIUM" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_list_of_no_school_is_wrong_usage(sample: Home) -> None:
    done = sample.core("student-list", "123")
    assert done.returncode == 2 and "no school '123'" in done.stderr


@pytest.fixture()
def copied(sample: Home) -> Iterator[Home]:
    """A copy of what the command reads, with the modes of the release, where another user can get at it."""
    # pytest's own folders are closed to other users
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        release = path / "published" / "releases" / sample.current.name
        for tier in ("partner", "restricted/fresno", "restricted/garden_grove"):
            (release / tier).mkdir(parents=True)
            shutil.copy(sample.current / tier / "core.duckdb", release / tier)
        shutil.copy(sample.current / "manifest.json", release)
        for folder in ("restricted", "restricted/fresno", "restricted/garden_grove"):
            (release / folder).chmod(stat.S_IMODE((sample.current / folder).stat().st_mode))
        (path / "published" / "current").symlink_to(release)
        yield replace(sample, path=path)


def test_a_district_reads_its_own_students_alone(copied: Home) -> None:
    """A district that was given its own part of a release: its schools, and nobody else's."""
    shutil.rmtree(copied.current / "restricted" / "fresno")
    with duckdb.connect(str(copied.current / "partner" / "core.duckdb"), read_only=True) as con:
        own = con.execute(
            "select school_code from dim_school join dim_district using (district_code) where district = 'garden_grove' "
            "and school_type = 'high' and is_reporting order by 1"
        ).fetchall()[0][0]
    listed = copied.core("student-list", own)
    assert listed.returncode == 0 and re.search(r": [1-9]\d* ninth graders", listed.stdout)
    refused = copied.core("student-list", SCHOOL)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "access to the restricted tier of fresno is needed" in refused.stderr


# read by another user: imports come first, since what they need may be closed to that user
ASK = """
import os, sys
from pathlib import Path
import pipelines.student_list, pipelines.settings, pipelines.explain.errors
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    print(*pipelines.student_list.student_list(pipelines.settings.Settings(home=Path(sys.argv[1])), sys.argv[2], False))
except pipelines.explain.errors.CannotExplainError as error:
    sys.exit(f"refused: {error}")
"""


def test_another_user_gets_no_list(copied: Home) -> None:
    """Files of the restricted tier are open to their owner alone; the command has no rights of its own."""
    database = copied.current / "restricted" / "fresno" / "core.duckdb"
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE((copied.current / "restricted").stat().st_mode) == 0o700
    if os.geteuid() != 0:
        # nobody else to ask as: as if it were another's
        database.chmod(0)
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(copied.path), SCHOOL], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "refused: access to the restricted tier of fresno is needed: it cannot be read here\n"
