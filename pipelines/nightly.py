"""`core run`: is there anything new? Then run the Dagster job in this process, and say in ten lines what came of it.

The decision needs no engine: Dagster, dbt, Great Expectations and DuckDB are imported only when there is news.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import asdict, dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.dagster_home import hasten_history, prepare
from pipelines.dbt_project import Parsing
from pipelines.districts import Standing, any_held, standings
from pipelines.key import ensure_key
from pipelines.landing.ledger import Ledger
from pipelines.lock import home_lock
from pipelines.news import district_names, find_news
from pipelines.phases import Clock
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.night import Night

Say = Callable[[str], None]
SHOWN = 8
QUIET = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "DAGSTER_DISABLE_TELEMETRY": "yes",
    "GX_ANALYTICS_ENABLED": "false",
}


class Exit(IntEnum):
    """Exit statuses of the command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    HELD = 3
    # published, but an optional target was not loaded (whether a delivery is held or not)
    UNLOADED = 4


@dataclass(frozen=True)
class Ending:
    """How a run ended, and what to say about it."""

    status: Exit
    lines: list[str]


def run_nightly(settings: Settings, districts: list[str], say: Say) -> Ending:
    """The nightly run in `settings.home`, unless nothing is new.

    Raises:
        CannotRunError: another process works on the home, its key is gone, or the dbt project cannot be parsed.
        ContractError: a contract is wrong; says file, line and what was expected.
    """
    as_of = settings.effective_as_of()
    started = time.monotonic()
    with home_lock(settings.home):
        # also on a quiet night: a key that is gone is easier to find on the day after
        ensure_key(settings)
        with Ledger(settings.ledger_path) as ledger:
            news = find_news(settings, as_of, ledger, districts)
            if not news:
                found = standings(ledger, as_of, district_names(settings))
                return Ending(_status(found), _unchanged(settings, as_of, found, ledger))
        say(f"as of {as_of}; new: {_shortened(news.what)}")
        night = _execute(settings, as_of, districts, say)
        with Ledger(settings.ledger_path) as ledger:
            found = standings(ledger, as_of, district_names(settings))
    if night.published is None:
        return Ending(Exit.FAILED, _failed(settings, night.trouble))
    status = Exit.UNLOADED if night.unloaded else _status(found)
    return Ending(status, _published(settings, night, found, time.monotonic() - started))


def _execute(settings: Settings, as_of: dt.date, districts: list[str], say: Say) -> Night:
    """Run the job `nightly`, as the schedule does, with its runs kept where the UI looks.

    What Dagster and dbt print goes to `<home>/logs/nightly.log`.
    """
    os.environ.update(QUIET)
    os.environ["DAGSTER_HOME"] = str(prepare(settings.home / "dagster"))
    hasten_history()
    began = Clock()
    parsing = Parsing(settings)
    from dagster import DagsterInstance

    from expectations.suite import load_gx
    from pipelines.definitions import JOB, build_definitions

    # judging the first delivery needs it; while dbt parses, the other processor would only wait
    load_gx()
    nights: list[Night] = []
    job = build_definitions(settings, say, nights.append, parsing).resolve_job_def(JOB)
    config: dict[str, Any] = {
        "resources": {"night": {"config": {"as_of": as_of.isoformat(), "districts": districts}}},
        "loggers": {"console": {"config": {"log_level": "INFO"}}},
    }
    log = log_path(settings)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w", encoding="utf-8") as out, redirect_stdout(out), redirect_stderr(out):
        with DagsterInstance.get() as instance:
            result = job.execute_in_process(run_config=config, instance=instance, raise_on_error=False)
        failed = [event.step_key or "the run" for event in result.all_events if event.is_step_failure]
    night = nights[0]
    night.phases.append(began.rest(night.phases))
    # a step may have said what is wrong; one that broke off has not
    log.with_name("phases.json").write_text(json.dumps([asdict(phase) for phase in night.phases], indent=1) + "\n")
    night.trouble = night.trouble or [f"{step} broke off" for step in failed]
    return night


def log_path(settings: Settings) -> Path:
    """What Dagster and dbt said in the last run."""
    return settings.home / "logs" / "nightly.log"


def _status(found: dict[str, Standing]) -> Exit:
    return Exit.HELD if any_held(found) else Exit.DONE


def _shortened(what: list[str], shown: int = 6) -> str:
    more = f" and {len(what) - shown} more" if len(what) > shown else ""
    return ", ".join(what[:shown]) + more


def _unchanged(settings: Settings, as_of: dt.date, found: dict[str, Standing], ledger: Ledger) -> list[str]:
    current = (settings.published / "current").readlink().name
    return [
        f"nothing new as of {as_of}; current release: {current}",
        *told_rollback(ledger, current),
        *_held(found),
    ]


def told_rollback(ledger: Ledger, current: str) -> list[str]:
    """A line if the current release is one that was rolled back to."""
    back = ledger.standing_rollback(current)
    if back is None:
        return []
    why = f" ({back.reason})" if back.reason else ""
    return [
        f"rolled back from {back.from_release} on {back.recorded_at}{why}; it stays until news make a new release, "
        "or core rollback names another"
    ]


def _held(found: dict[str, Standing]) -> list[str]:
    lines = [
        f"held: {name} {held.delivery}: {held.reason}" for name, standing in found.items() for held in standing.held
    ]
    if lines:
        lines.append("a held delivery changes nothing; `core accept DISTRICT DELIVERY --reason TEXT` puts it in force")
    return lines


def _failed(settings: Settings, trouble: list[str]) -> list[str]:
    lines = ["FAILED: nothing was published; the current release stays", *(f"  {each}" for each in trouble[:SHOWN])]
    if len(trouble) > SHOWN:
        lines.append(f"  and {len(trouble) - SHOWN} more")
    return [*lines, f"details: {_near(log_path(settings))}, or make ui (the run's page)"]


def _published(settings: Settings, night: Night, found: dict[str, Standing], seconds: float) -> list[str]:
    release = night.published
    assert release is not None
    rows = sum(facts.rows for tables in release.tables.values() for facts in tables.values())
    restricted = [tier for tier in release.tables if tier.startswith("restricted/")]
    students = sum(release.tables[tier]["student"].rows for tier in restricted if "student" in release.tables[tier])
    shown = night.privacy.figures - night.privacy.hidden_figures if night.privacy else 0
    passed = sum(check.status == "passed" for check in release.checks)
    folder = _near(settings.published / "current")
    made_up = " (synthetic data)" if release.is_synthetic else ""
    return [
        f"published {release.release_id} as of {release.as_of}{made_up} in {seconds:.0f} s",
        f"  {len(restricted)} districts, {students:,} student rows, {rows:,} rows in all; "
        f"{shown:,} public figures shown",
        f"  {passed} of {len(release.checks)} checks passed",
        *(f"  {line}" for line in _held(found) or ["nothing is held"]),
        *(f"  {line}" for line in night.loaded),
        *(f"  FAILED: {line}" for line in night.unloaded),
        f"look: {folder}/site/index.html; checks: {folder}/quality/index.html; words: {folder}/docs/index.html",
        f"query: {folder}/partner/core.duckdb; runs and graph: make ui; deliveries: core status",
    ]


def _near(path: Path) -> Path:
    """The path as one would type it from here."""
    with suppress(ValueError):
        return path.absolute().relative_to(Path.cwd())
    return path
