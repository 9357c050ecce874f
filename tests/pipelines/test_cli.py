"""The command: usage, exit statuses, and words that a person can act on. No run of the pipeline here."""

from __future__ import annotations

import datetime as dt
import fcntl
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import cli, nightly
from pipelines.districts import standings
from pipelines.landing.delivery import Delivery, Listing
from pipelines.landing.ledger import Ledger
from pipelines.landing.measures import CheckMeasure
from pipelines.lock import HomeBusyError, home_lock
from pipelines.nightly import Ending, Exit
from pipelines.settings import Settings

AS_OF = dt.date(2024, 7, 31)


@pytest.fixture()
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "landing").mkdir()
    (tmp_path / "contracts").mkdir()
    for name in ("north", "south"):
        (tmp_path / "contracts" / f"{name}.yml").write_text("")
    monkeypatch.setenv("CORE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CORE_LANDING", str(tmp_path / "landing"))
    monkeypatch.setenv("CORE_CONTRACTS", str(tmp_path / "contracts"))
    return tmp_path / "home"


def record(home: Path, district: str, name: str, failures: list[CheckMeasure]) -> None:
    with Ledger(home / "ledger.sqlite") as ledger:
        delivery = Delivery(district, name, dt.date.fromisoformat(name[:10]), home / name, False)
        ledger.record(delivery, Listing(), [], failures, {}, "c", False, None, [])


def failure(district: str, name: str) -> CheckMeasure:
    return CheckMeasure(
        "missing_column", district, name, "marks", 1, 0, "marks.csv, line 1", "Send it again.", "a column"
    )


def invoke(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli.app, list(arguments))
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "--as-of", "31.7.2024"], "Invalid isoformat"),
        (["run", "--district", "nowhere"], "there are north, south"),
        (["run", "--landing", "/nowhere/at/all"], "no such landing"),
        (["check", "nowhere", "x"], "no contract"),
        (["accept", "north", "2024-07-01"], "--reason"),
        (["restate", "north", "G9_EOY", "2025"], "--reason"),
        (["restate", "north", "G9_EOY", "2025-26", "--reason", "x"], "unable to parse string as an integer"),
        (["restate", "nowhere", "G9_EOY", "2025", "--reason", "x"], "there are north, south"),
        (["withdraw", "20240701"], "--reason"),
        (["unknown"], "No such command"),
    ],
)
def test_wrong_usage_is_status_2_and_says_what(home: Path, arguments: list[str], word: str) -> None:
    status, output = invoke(*arguments)
    assert status == Exit.USAGE
    assert word in " ".join(output.replace("│", " ").split())


@pytest.mark.parametrize("status", list(Exit))
def test_the_ending_of_a_run_is_the_exit_status(home: Path, monkeypatch: pytest.MonkeyPatch, status: Exit) -> None:
    seen: list[Settings] = []

    def run(settings: Settings, districts: list[str], _: object) -> Ending:
        seen.append(settings)
        return Ending(status, [f"districts {districts}"])

    monkeypatch.setattr(cli, "run_nightly", run)
    assert invoke("run", "--as-of", "2024-07-31", "--district", "north") == (status, "districts ['north']\n")
    assert (seen[0].as_of, seen[0].home) == (AS_OF, home)


def test_status_tells_what_is_in_force_held_and_answered(home: Path) -> None:
    assert invoke("status")[0] == Exit.DONE
    record(home, "north", "2024-07-01", [])
    record(home, "north", "2024-07-02", [failure("north", "2024-07-02")])
    record(home, "south", "2024-07-01", [failure("south", "2024-07-01")])
    record(home, "south", "2024-07-03", [])
    status, output = invoke("status", "--as-of", AS_OF.isoformat())
    assert status == Exit.HELD
    lines = output.splitlines()
    assert next(line for line in lines if line.startswith("north")).split() == [
        "north",
        "2024-07-01",
        "30",
        "1",
        "(late)",
    ]
    assert next(line for line in lines if line.startswith("south")).split() == [
        "south",
        "2024-07-03",
        "28",
        "none",
        "(late)",
    ]
    assert any(
        "held: north 2024-07-02: a column (marks.csv, line 1)" in line and "Send it again." in line for line in lines
    )


def test_a_hold_is_answered_by_what_is_accepted_later(home: Path) -> None:
    record(home, "north", "2024-07-02", [failure("north", "2024-07-02")])
    record(home, "north", "2024-07-03", [])
    with Ledger(home / "ledger.sqlite") as ledger:
        found = standings(ledger, AS_OF, ["north"])["north"]
        assert found.held == [] and found.age_days(AS_OF) == 28
        before = standings(ledger, dt.date(2024, 7, 2), ["north"])["north"]
        assert [held.delivery for held in before.held] == ["2024-07-02"] and before.in_force is None


def test_two_runs_at_once_are_refused(home: Path) -> None:
    home.mkdir()
    with (home / "run.lock").open("a+") as other:
        # another open file is what another process would have
        other.write("4711")
        other.flush()
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(HomeBusyError, match="process 4711"), home_lock(home):
            pass
    with home_lock(home), home_lock(home):
        assert (home / "run.lock").read_text() != "4711"


def test_an_error_of_the_house_is_one_line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def busy(*_: object) -> Ending:
        raise HomeBusyError("another run works on it")

    monkeypatch.setattr(cli, "run_nightly", busy)
    monkeypatch.setattr("sys.argv", ["core", "run"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == Exit.FAILED
    assert capsys.readouterr().err == "core: another run works on it\n"


def test_a_failed_run_tells_which_checks_and_where_to_look(home: Path) -> None:
    settings = Settings()
    lines = nightly._failed(settings, [f"check {n}: 3 rows" for n in range(10)])
    assert lines[0].startswith("FAILED: nothing was published")
    assert "  check 7: 3 rows" in lines and "  check 8: 3 rows" not in lines and "  and 2 more" in lines
    assert "nightly.log" in lines[-1]
