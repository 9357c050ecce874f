"""The secret behind student_key: made once, never silently again, rotated only by a recorded decision."""

from __future__ import annotations

import datetime as dt
import json
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli
from pipelines.key import KeyLostError, ensure_key, has_key, kept_key, key_with, rotate
from pipelines.landing.ledger import Ledger
from pipelines.news import find_news, key_fingerprint
from pipelines.night import open_night
from pipelines.nightly import Exit, run_nightly
from pipelines.settings import Settings

AS_OF = dt.date(2024, 7, 31)


@pytest.fixture()
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("landing", "contracts"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"CORE_{name.upper()}", str(tmp_path / name))
    monkeypatch.setenv("CORE_HOME", str(tmp_path / "home"))
    return Settings(as_of=AS_OF)


def publish(settings: Settings) -> None:
    """As if a run had published."""
    (settings.published / "releases" / "r1").mkdir(parents=True)
    (settings.published / "current").symlink_to("releases/r1")
    with Ledger(settings.ledger_path) as ledger:
        ledger.start_run("run", find_news(settings, AS_OF, ledger).fingerprint, AS_OF)
        ledger.end_run("run", "published", "r1", "")


def test_it_is_made_once_for_its_owner_and_recorded_by_its_fingerprint(settings: Settings) -> None:
    first = ensure_key(settings)
    assert len(first) == 64 and ensure_key(settings) == first
    assert stat.S_IMODE(settings.key_path.stat().st_mode) == 0o600
    with Ledger(settings.ledger_path) as ledger:
        (made,) = ledger.key_history()
    assert (made.fingerprint, made.event) == (key_fingerprint(settings.key_path), "made")
    assert first not in settings.ledger_path.read_bytes().decode("latin-1"), "the fingerprint alone is recorded"


def test_a_key_put_there_before_the_first_run_is_taken(settings: Settings) -> None:
    settings.home.mkdir()
    settings.key_path.write_text("theirs\n")
    assert ensure_key(settings) == "theirs"
    settings.key_path.write_text("another\n")
    assert ensure_key(settings) == "another", "nothing is published yet: nobody has joined by the first"
    with Ledger(settings.ledger_path) as ledger:
        assert [key.event for key in ledger.key_history()] == ["found", "found"]


@pytest.mark.parametrize("how", ["gone", "another"])
def test_a_run_without_its_key_stops_and_says_what_to_do(settings: Settings, how: str) -> None:
    secret = ensure_key(settings)
    publish(settings)
    known = key_fingerprint(settings.key_path)
    settings.key_path.unlink()
    if how == "another":
        settings.key_path.write_text("another\n")
    with pytest.raises(KeyLostError, match=rf"recorded: {known}.*backup.*core key rotate --reason"):
        run_nightly(settings, [], print)
    # the schedule's way in
    with pytest.raises(KeyLostError), open_night(settings, AS_OF, [], "id", print):
        pass
    assert how == "another" or not settings.key_path.exists(), "no key is made silently"
    settings.key_path.write_text(secret + "\n")
    assert run_nightly(settings, [], print).status == Exit.DONE


def test_a_home_of_earlier_code_knows_its_key_from_its_runs_and_its_releases(settings: Settings) -> None:
    ensure_key(settings)
    publish(settings)
    with Ledger(settings.ledger_path) as ledger:
        ledger._db.execute("delete from secret")
    settings.key_path.unlink()
    with pytest.raises(KeyLostError, match=r"recorded: [0-9a-f]{16}"):
        ensure_key(settings)
    with Ledger(settings.ledger_path) as ledger:
        ledger._db.execute("delete from run")
    with pytest.raises(KeyLostError, match="manifests of the releases"):
        ensure_key(settings)


def test_a_rotation_is_recorded_is_news_and_keeps_the_old_key_only_if_asked(settings: Settings) -> None:
    old = ensure_key(settings)
    publish(settings)
    before = key_fingerprint(settings.key_path)
    done = CliRunner().invoke(cli.app, ["key", "rotate", "--reason", "seen on a shared disk", "--keep-old"])
    assert done.exit_code == Exit.DONE
    new = ensure_key(settings)
    after = key_fingerprint(settings.key_path)
    assert new != old and f"{before} -> {after}" in done.output and "join again" in done.output
    assert old not in done.output and new not in done.output
    with Ledger(settings.ledger_path) as ledger:
        assert [(key.fingerprint, key.event, key.reason) for key in ledger.key_history()][1:] == [
            (after, "rotated", "seen on a shared disk")
        ]
        assert find_news(settings, AS_OF, ledger).what == ["key"]
    kept = kept_key(settings, before)
    assert kept.read_text().strip() == old
    assert (stat.S_IMODE(kept.stat().st_mode), stat.S_IMODE(kept.parent.stat().st_mode)) == (0o600, 0o700)
    assert stat.S_IMODE(settings.key_path.stat().st_mode) == 0o600
    assert key_with(settings, before) == kept and key_with(settings, after) == settings.key_path
    done = CliRunner().invoke(cli.app, ["key", "rotate", "--reason", "again"])
    assert "is not kept" in done.output
    assert has_key(settings, before) and not has_key(settings, after)
    assert CliRunner().invoke(cli.app, ["key", "rotate"]).exit_code == Exit.USAGE, "never without a reason"


def test_a_lost_key_is_replaced_by_a_recorded_rotation_alone(settings: Settings) -> None:
    ensure_key(settings)
    publish(settings)
    settings.key_path.unlink()
    done = CliRunner().invoke(cli.app, ["key", "rotate", "--reason", "lost with the old server"])
    assert done.exit_code == Exit.DONE and "none ->" in done.output
    assert len(ensure_key(settings)) == 64


def test_a_rotation_that_was_killed_before_it_was_recorded_stops_the_next_run(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_key(settings)
    publish(settings)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Ledger, "add_key", killed)
    with pytest.raises(KeyboardInterrupt):
        rotate(settings, "r", keep_old=False)
    monkeypatch.undo()
    with pytest.raises(KeyLostError, match="is not the recorded one"):
        ensure_key(settings)
    with Ledger(settings.ledger_path) as ledger:
        recorded = json.dumps([key.event for key in ledger.key_history()])
    assert recorded == '["made"]'
