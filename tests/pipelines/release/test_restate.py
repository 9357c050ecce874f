"""What `core restate` and `core withdraw` refuse, and that a decision is news and is told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipelines.diff.causes import Causes
from pipelines.diff.told import _causes
from pipelines.errors import CannotRunError, WrongAskError
from pipelines.landing.contract import load_contracts
from pipelines.landing.ledger import Ledger, RestatementRow
from pipelines.news import find_news
from pipelines.release.current import make_current
from pipelines.release.listing import releases
from pipelines.release.manifest import Manifest
from pipelines.release.restate import Asked, restate
from pipelines.release.withdraw import withdraw
from pipelines.settings import Settings
from tests.support.nightly import CONTRACTS

AS_OF = dt.date(2026, 10, 1)
FREEZE = dt.date(2025, 7, 17)
MADE = RestatementRow("fresno", "G9_EOY", "EOY", 2025, dt.date(2026, 9, 1), dt.date(2026, 9, 2), "sent late", "x")


@pytest.fixture()
def settings(tmp_path: Path) -> Settings:
    """A home with a current release and a freeze, and no warehouse."""
    found = Settings(home=tmp_path / "home", contracts=CONTRACTS, landing=tmp_path, as_of=AS_OF)
    folder = found.published / "releases" / "r1"
    folder.mkdir(parents=True)
    Manifest(
        release_id="r1", created_at="", as_of=AS_OF, rule_set="core5_v1", code_version="", key_fingerprint="",
        is_synthetic=True, inputs=[], files=[], tables={}, checks=[], districts={},
    ).write(folder / "manifest.json")  # fmt: skip
    make_current(found.published, "r1")
    with Ledger(found.ledger_path) as ledger:
        ledger.record_freeze("2025_EOY", FREEZE, "", "", "r1")
    return found


def ask(settings: Settings, snapshot: str = "G9_EOY", year: int = 2025, day: str | None = None, why: str = "x") -> None:
    known_on = dt.date.fromisoformat(day) if day else None
    restate(settings, Asked(load_contracts(CONTRACTS)["fresno"], snapshot, year, known_on, why))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"snapshot": "G9_P1"}, "no snapshot 'G9_P1'; there are G8_EOY, G9_T1, G9_EOY"),
        ({"year": 2026}, "is not frozen.*frozen school years: 2025"),
        ({"snapshot": "G9_T1"}, "is not frozen.*frozen school years: none"),
        ({"day": "2025-07-17"}, "was frozen on 2025-07-17"),
        ({"day": "2026-10-02"}, r"2026-10-02 is in the future \(as of 2026-10-01\)"),
        ({"why": " "}, "say why"),
    ],
)
def test_wrong_questions_are_refused_in_words(settings: Settings, wrong: dict, told: str) -> None:
    with pytest.raises(WrongAskError, match=told):
        ask(settings, **wrong)
    with Ledger(settings.ledger_path) as ledger:
        assert ledger.restatements() == []


def test_without_a_current_release_or_its_warehouse_nothing_is_restated(settings: Settings) -> None:
    with pytest.raises(CannotRunError, match="does not hold the current release r1"):
        ask(settings)
    (settings.published / "current").unlink()
    with pytest.raises(WrongAskError, match="no current release"):
        ask(settings)


def test_a_restatement_is_news_from_its_day_on(settings: Settings) -> None:
    with Ledger(settings.ledger_path) as ledger:
        ledger.start_run("run", find_news(settings, AS_OF, ledger).fingerprint, AS_OF)
        ledger.end_run("run", "published", "r1", "")
        assert find_news(settings, AS_OF, ledger).what == []
        ledger.add_restatement(MADE)
        assert find_news(settings, AS_OF, ledger).what == ["restatements"]
        assert ledger.restatements(MADE.decided_on - dt.timedelta(1)) == []
        assert ledger.restatements(MADE.decided_on) == [MADE]
    told = releases(settings)
    assert "restated on 2026-09-02: fresno G9_EOY of 2025 as known on 2026-09-01: sent late" in told


def test_the_difference_of_two_releases_names_it_as_a_cause() -> None:
    same = ("", "")
    causes = Causes(same, same, same, same, [], {}, [], [], restatements=[str(MADE)])
    assert causes.touches("vulnerable_rate", "core5_v1", "core5_v1") == ["restatement"]
    assert any(line.split() == ["restated", *str(MADE).split()] for line in _causes(causes))


def test_the_current_release_is_not_withdrawn(settings: Settings) -> None:
    with pytest.raises(WrongAskError, match="r1 is current"):
        withdraw(settings, "current", "x")
    assert (settings.published / "releases" / "r1").is_dir()
