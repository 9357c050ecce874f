"""Rolling back and listing: which release is meant, what is refused, what is noted, and what the next night does."""

from __future__ import annotations

import datetime as dt
import fcntl
import shutil
import subprocess
import time
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines import cli
from pipelines.errors import WrongAskError
from pipelines.key import ensure_key
from pipelines.landing.ledger import Ledger
from pipelines.news import find_news
from pipelines.nightly import Exit, run_nightly
from pipelines.release.current import current_release
from pipelines.release.find import find_release
from pipelines.release.publish import publish
from pipelines.settings import Settings
from tests.pipelines.release.test_publish import candidate
from tests.support.nightly import CORE
from tests.support.small_warehouse import build

AS_OF = dt.date(2024, 7, 31)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three releases, the last one that of the last run; the landing is gone."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "contracts").mkdir()
    settings = Settings(home=folder / "home", landing=folder / "no-landing", contracts=folder / "contracts")
    con = duckdb.connect()
    build(con)
    ensure_key(settings)
    with Ledger(settings.ledger_path) as ledger:
        for number, synthetic in enumerate((True, True, False)):
            release = publish(con, settings.published, candidate(is_synthetic=synthetic), keep=14)
            ledger.start_run(f"run {number}", find_news(settings, AS_OF, ledger).fingerprint, AS_OF)
            ledger.end_run(f"run {number}", "published", release.release_id, "")
    return folder


@pytest.fixture()
def settings(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A copy of it."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    for name, folder in (("HOME", "home"), ("LANDING", "no-landing"), ("CONTRACTS", "contracts")):
        monkeypatch.setenv(f"CORE_{name}", str(tmp_path / folder))
    return Settings()


def ids(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.published / "releases").iterdir())


def core(*arguments: str) -> tuple[int, str, str]:
    done = subprocess.run([str(CORE), *arguments], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_an_old_release_is_current_again_and_the_ledger_knows(settings: Settings) -> None:
    first, _, last = ids(settings)
    done = CliRunner().invoke(cli.app, ["rollback", first, "--reason", "marks of north were doubled"])
    assert done.exit_code == Exit.DONE, done.output
    assert (settings.published / "current").readlink() == Path("releases") / first
    assert f"current: {first} as of 2024-07-31 (before: {last})" in done.output
    with Ledger(settings.ledger_path) as ledger:
        (noted,) = ledger.rollbacks()
    assert (noted.from_release, noted.to_release, noted.reason) == (last, first, "marks of north were doubled")
    again = CliRunner().invoke(cli.app, ["rollback", first])
    assert again.exit_code == Exit.DONE and "is current already" in again.output
    with Ledger(settings.ledger_path) as ledger:
        assert len(ledger.rollbacks()) == 1


def test_after_a_rollback_a_night_without_news_leaves_it_and_status_and_releases_say_so(settings: Settings) -> None:
    first, _, last = ids(settings)
    CliRunner().invoke(cli.app, ["rollback", first, "--reason", "wrong"])
    told = f"rolled back from {last}"
    ending = run_nightly(settings.model_copy(update={"as_of": AS_OF}), [], print)
    assert ending.status == Exit.DONE
    assert ending.lines[0].endswith(first) and told in ending.lines[1] and "(wrong)" in ending.lines[1]
    for command in ("status", "releases"):
        assert told in CliRunner().invoke(cli.app, [command]).output, command
    # forward again: the release of the last run is current, as if nothing had been
    CliRunner().invoke(cli.app, ["rollback", last])
    for command in ("status", "releases"):
        assert "rolled back" not in CliRunner().invoke(cli.app, [command]).output, command
    with Ledger(settings.ledger_path) as ledger:
        assert [row.to_release for row in ledger.rollbacks()] == [last, first]


def test_the_next_release_is_current_and_retention_goes_by_age_again(settings: Settings) -> None:
    first, *_ = ids(settings)
    CliRunner().invoke(cli.app, ["rollback", first])
    con = duckdb.connect()
    build(con)
    made = publish(con, settings.published, candidate(), keep=2)
    current = current_release(settings.published)
    assert current is not None and current.name == made.release_id
    assert len(ids(settings)) == 2 and first not in ids(settings), "what is no longer current goes with the others"


def test_listing_tells_current_date_data_size_checks_and_a_damaged_one(settings: Settings) -> None:
    first, second, last = ids(settings)
    (settings.published / "releases" / second / "manifest.json").write_text("{")
    done = CliRunner().invoke(cli.app, ["releases"])
    assert done.exit_code == Exit.DONE
    lines = done.output.splitlines()
    assert [line[:23] for line in lines[1:4]] == [last, second, first], "the newest first"
    assert lines[1].split()[1:3] == ["2024-07-31", "real"] and lines[1].endswith("current")
    assert "1 of 1 passed" in lines[1] and " MB" in lines[1]
    assert "damaged" in lines[2] and "backup" in lines[2]
    assert "synthetic" in lines[3] and not lines[3].endswith("current")


@pytest.mark.parametrize("path", ["public/core.duckdb", "restricted/north/parquet/student.parquet"])
def test_a_damaged_release_is_refused_and_current_stays(settings: Settings, path: str) -> None:
    first, _, last = ids(settings)
    damaged = settings.published / "releases" / first / path
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    status, _, error = core("rollback", first)
    assert status == Exit.FAILED
    assert f"{path} is not what was published" in error and "backup" in error and "Traceback" not in error
    assert (settings.published / "current").readlink().name == last
    with Ledger(settings.ledger_path) as ledger:
        assert ledger.rollbacks() == []


def test_missing_and_added_files_and_anothers_manifest_are_damage(settings: Settings) -> None:
    first, second, last = ids(settings)
    folder = settings.published / "releases" / first
    (folder / "site" / "index.html").unlink()
    (folder / "site" / "other.html").write_text("x")
    _, _, error = core("rollback", first)
    assert "site/index.html is missing" in error and "site/other.html was not published" in error
    (folder / "manifest.json").write_text((settings.published / "releases" / second / "manifest.json").read_text())
    status, _, error = core("rollback", first)
    assert status == Exit.FAILED and f"manifest is that of {second}" in error
    assert (settings.published / "current").readlink().name == last


def test_a_release_is_named_by_an_unambiguous_beginning(settings: Settings) -> None:
    names = ids(settings)
    shortest = next(n for n in range(1, 24) if sum(name.startswith(names[0][:n]) for name in names) == 1)
    assert find_release(settings.published, names[0][:shortest]).name == names[0]
    with pytest.raises(WrongAskError, match="beginning of 3 releases"):
        find_release(settings.published, names[0][:4])
    with pytest.raises(WrongAskError, match=f"no release '1999'; the latest are .*{names[-1]}"):
        find_release(settings.published, "1999")
    with pytest.raises(WrongAskError):
        find_release(settings.published, "")
    assert find_release(settings.published, "current").name == names[-1]
    status, _, error = core("rollback", "1999")
    assert status == Exit.USAGE and "core releases" in error


def test_a_release_of_later_code_can_be_made_current(settings: Settings) -> None:
    first, *_ = ids(settings)
    manifest = settings.published / "releases" / first / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"rule_set"', '"told_by_later_code": {"a": 1}, "rule_set"', 1))
    assert CliRunner().invoke(cli.app, ["rollback", first]).exit_code == Exit.DONE


def test_while_a_run_works_on_the_home_nothing_is_rolled_back(settings: Settings) -> None:
    first, _, last = ids(settings)
    with (settings.home / "run.lock").open("a+") as other:
        other.write("4711")
        other.flush()
        fcntl.flock(other, fcntl.LOCK_EX)
        (Path(settings.landing)).mkdir()
        for command in (["rollback", first], ["run", "--as-of", AS_OF.isoformat()]):
            status, _, error = core(*command)
            assert status == Exit.FAILED and "process 4711" in error, command
    assert (settings.published / "current").readlink().name == last


def test_a_rollback_takes_less_than_a_second(settings: Settings) -> None:
    first, *_ = ids(settings)
    began = time.monotonic()
    assert CliRunner().invoke(cli.app, ["rollback", first]).exit_code == Exit.DONE
    assert time.monotonic() - began < 1


def test_a_ledger_of_an_earlier_version_gets_what_it_lacks(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger._db.executescript("drop table rollback; drop table secret; pragma user_version = 0")
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert (ledger.rollbacks(), ledger.key_history()) == ([], [])
