"""Targets are off by default, come after the release, fail alone, and can be loaded again with `core load`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest

from pipelines import nightly
from pipelines.assets.targets import target_assets
from pipelines.errors import WrongAskError
from pipelines.landing.ledger import Ledger
from pipelines.night import Night
from pipelines.settings import Settings
from pipelines.status import status
from pipelines.targets.again import load
from pipelines.targets.load import configured
from pipelines.targets.source import OpenRelease
from tests.support.nightly import CONTRACTS, Home

AS_OF = dt.date(2024, 7, 31)
DEAD = "postgresql://core:hush@127.0.0.1:9/core"


@pytest.fixture()
def home(tmp_path: Path, releases: list[OpenRelease]) -> Path:
    """A home with the small releases; the last is current."""
    path = tmp_path / "home"
    path.mkdir()
    (path / "published").symlink_to(releases[0].folder.parents[1])
    return path


def test_none_by_default(tmp_path: Path) -> None:
    assert configured(Settings(home=tmp_path)) == [] and target_assets(Settings(home=tmp_path)) == []


def test_assets_after_the_release_and_one_that_fails_harms_nothing(
    home: Path, tmp_path: Path, releases: list[OpenRelease]
) -> None:
    settings = Settings(home=home, parquet_target=str(tmp_path / "target"), postgres_dsn=DEAD)
    assets = target_assets(settings)
    assert {asset.key.to_user_string() for asset in assets} == {"target/postgres", "target/parquet"}
    assert all(asset.asset_deps[asset.key] == {dg.AssetKey("release")} for asset in assets)
    night = Night(settings, AS_OF, [], lambda line: None)
    night.published = releases[2].manifest
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize(assets, resources={"night": night}, raise_on_error=False, instance=instance)
        told = " ".join(str(event) for event in result.all_events)
    assert [event.step_key for event in result.all_events if event.is_step_failure] == ["target__postgres"]
    assert (tmp_path / "target" / "current.json").exists(), "one target that fails stops another"
    assert len(night.loaded) == 1 and releases[2].release_id in night.loaded[0]
    assert len(night.unloaded) == 1 and "core load --to postgres" in night.unloaded[0]
    assert "hush" not in told and "hush" not in str(night.unloaded)


def test_the_run_is_published_and_says_which_target_was_not_loaded(
    home: Path, releases: list[OpenRelease], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=home, landing=home, contracts=home, as_of=AS_OF)
    # a home with releases has a key
    settings.key_path.write_text("0" * 64)

    def execute(*_: object) -> Night:
        night = Night(settings, AS_OF, [], lambda line: None)
        night.published = releases[2].manifest
        night.loaded, night.unloaded = ["target parquet: loaded"], ["target postgres was not loaded: why"]
        return night

    monkeypatch.setattr(nightly, "_execute", execute)
    ending = nightly.run_nightly(settings, [], lambda line: None)
    assert ending.status == nightly.Exit.UNLOADED == 4
    assert ending.lines[0].startswith("published ")
    assert (
        "  FAILED: target postgres was not loaded: why" in ending.lines and "  target parquet: loaded" in ending.lines
    )


def core(home: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """`core ...` with CORE_* settings; everything it printed."""
    done = Home(home, CONTRACTS, environment=settings).core(*arguments)
    return done.returncode, done.stdout + done.stderr


def test_core_load_again(home: Path, tmp_path: Path, releases: list[OpenRelease]) -> None:
    target = tmp_path / "target"
    code, said = core(home, "load")
    assert code == 2 and "a target is not configured: CORE_POSTGRES_DSN or CORE_PARQUET_TARGET" in said
    both = {"CORE_PARQUET_TARGET": str(target), "CORE_POSTGRES_DSN": DEAD}
    code, said = core(home, "load", **both)
    assert code == 1 and "FAILED: target postgres was not loaded: PostgreSQL says" in said and "hush" not in said
    assert f"target parquet: {releases[2].release_id} loaded" in said
    with Ledger(home / "ledger.sqlite") as ledger:
        assert {row.name: row.status for row in ledger.targets()} == {"parquet": "loaded", "postgres": "failed"}
    code, said = core(home, "load", releases[0].release_id, "--to", "parquet", **both)
    assert code == 0 and releases[0].release_id in (target / "current.json").read_text()
    settings = Settings(home=home, contracts=home, parquet_target=str(target))
    for asked, only, expected in (
        ("current", "oracle", "no target 'oracle'"),
        ("1999", None, "no release '1999'"),
        ("current", "postgres", "target postgres is not configured"),
    ):
        with pytest.raises(WrongAskError, match=expected):
            load(settings, asked, only)
    lines = status(settings).lines
    assert any(line.startswith("FAILED: target postgres") and "hush" not in line for line in lines)
    assert any("which is not the current release: core load" in line for line in lines)
