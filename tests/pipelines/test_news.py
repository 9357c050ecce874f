"""What counts as news, what falls due, and that deciding it imports no engine."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.code_version import tree_hash
from pipelines.landing.ledger import Ledger
from pipelines.news import due_between, find_news, write_due_dates
from pipelines.settings import PROJECT, Settings

AS_OF = dt.date(2024, 7, 31)


@pytest.fixture()
def settings(tmp_path: Path) -> Settings:
    """A home in which a run has published, with two districts and a delivery."""
    contracts, landing = tmp_path / "contracts", tmp_path / "landing"
    for name in ("north", "south"):
        (landing / name / "2024-07-01").mkdir(parents=True)
        (landing / name / "2024-07-01" / "a.csv").write_text("ID\n1\n")
        contracts.mkdir(exist_ok=True)
        (contracts / f"{name}.yml").write_text(f"district: {name}\n")
    found = Settings(home=tmp_path / "home", landing=landing, contracts=contracts)
    found.home.mkdir()
    found.key_path.write_text("secret")
    (found.published / "releases" / "r1").mkdir(parents=True)
    (found.published / "current").symlink_to("releases/r1")
    publish(found, AS_OF)
    return found


def publish(settings: Settings, as_of: dt.date, districts: list[str] | None = None) -> None:
    with Ledger(settings.ledger_path) as ledger:
        ledger.start_run("run", find_news(settings, as_of, ledger, districts).fingerprint, as_of)
        ledger.end_run("run", "published", "r1", "")


def news(settings: Settings, as_of: dt.date = AS_OF, districts: list[str] | None = None) -> list[str]:
    with Ledger(settings.ledger_path) as ledger:
        return find_news(settings, as_of, ledger, districts).what


def test_the_same_again_is_no_news_and_neither_are_the_same_bytes_touched(settings: Settings) -> None:
    assert news(settings) == []
    (settings.landing / "north" / "2024-07-01" / "a.csv").write_text("ID\n1\n")
    assert news(settings) == []


def test_a_delivery_a_contract_a_decision_a_key_and_a_setting_are_news(settings: Settings) -> None:
    (settings.landing / "north" / "2024-07-02").mkdir()
    (settings.landing / "north" / "2024-07-02" / "a.csv").write_text("ID\n2\n")
    assert news(settings) == ["deliveries of north"]
    publish(settings, AS_OF)
    (settings.contracts / "south.yml").write_text("district: south # changed\n")
    assert news(settings) == ["contracts"]
    publish(settings, AS_OF)
    settings.key_path.write_text("other")
    assert news(settings) == ["key"]
    publish(settings, AS_OF)
    assert news(settings.model_copy(update={"keep_releases": 3})) == ["settings"]


def test_a_delivery_of_tomorrow_is_news_tomorrow(settings: Settings) -> None:
    (settings.landing / "north" / "2024-08-05").mkdir()
    (settings.landing / "north" / "2024-08-05" / "a.csv").write_text("ID\n2\n")
    assert news(settings) == []
    assert news(settings, dt.date(2024, 8, 5)) == ["deliveries of north"]


def test_one_district_alone_leaves_the_others_as_they_were(settings: Settings) -> None:
    for name in ("north", "south"):
        (settings.landing / name / "2024-07-01" / "b.csv").write_text("ID\n2\n")
    assert news(settings, districts=["north"]) == ["deliveries of north"]
    publish(settings, AS_OF, ["north"])
    assert news(settings) == ["deliveries of south"]


def test_without_a_release_everything_is_news(settings: Settings) -> None:
    (settings.published / "current").unlink()
    assert news(settings) == ["nothing is published yet"]


def test_what_falls_due_between_two_dates() -> None:
    snapshot, month = "a snapshot due", "a month or marking period closed"
    due = [(dt.date(2024, 7, 31), snapshot), (dt.date(2024, 8, 10), month), (dt.date(2024, 8, 31), snapshot)]
    assert due_between(due, AS_OF, AS_OF) == []
    assert due_between(due, AS_OF, dt.date(2024, 8, 9)) == []
    assert due_between(due, AS_OF, dt.date(2024, 8, 10)) == ["a month or marking period closed on 2024-08-10"]
    assert due_between(due, dt.date(2024, 8, 10), dt.date(2024, 8, 30)) == []
    found = due_between(due, AS_OF, dt.date(2024, 9, 1))
    assert found == ["a month or marking period closed on 2024-08-10", "a snapshot due on 2024-08-31"]
    assert due_between(due, dt.date(2024, 9, 1), AS_OF) == found, "a date that goes back undoes as much"


def test_what_falls_due_makes_a_later_date_news(settings: Settings) -> None:
    days = {"a snapshot due": [dt.date(2024, 8, 5)], "a month or marking period closed": [dt.date(2024, 8, 10)]}
    write_due_dates(settings.home, days)
    assert news(settings, dt.date(2024, 8, 4)) == []
    assert news(settings, dt.date(2024, 8, 5)) == ["a snapshot due on 2024-08-05"]
    assert news(settings, dt.date(2024, 8, 10)) == [
        "a snapshot due on 2024-08-05",
        "a month or marking period closed on 2024-08-10",
    ]


def test_code_is_names_and_bytes_and_not_what_tools_write(tmp_path: Path) -> None:
    (tmp_path / "room").mkdir()
    (tmp_path / "room" / "a.py").write_text("1")
    before = tree_hash(tmp_path, ["room"])
    (tmp_path / "room" / "__pycache__").mkdir()
    (tmp_path / "room" / "__pycache__" / "a.pyc").write_text("x")
    assert tree_hash(tmp_path, ["room"]) == before
    (tmp_path / "room" / "a.py").rename(tmp_path / "room" / "b.py")
    assert tree_hash(tmp_path, ["room"]) != before


def test_deciding_imports_no_engine() -> None:
    script = (
        "import sys; import pipelines.cli, pipelines.nightly, pipelines.news; "
        "print(sorted({'dagster', 'dbt', 'great_expectations', 'duckdb', 'pandas', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "[]"
