"""`core run`: is there anything new? Then run the Dagster job in this process, and say in ten lines what came of it.

The decision needs no engine: Dagster, dbt, Great Expectations and DuckDB are imported only when there is news.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.districts import Standing, any_held, standings
from pipelines.landing.ledger import Ledger
from pipelines.lock import home_lock
from pipelines.news import district_names, find_news
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.night import Night

Say = Callable[[str], None]
SHOWN_TROUBLE = 8
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


@dataclass(frozen=True)
class Ending:
    """How a run ended, and what to say about it."""

    status: Exit
    lines: list[str]


def run_nightly(settings: Settings, districts: list[str], say: Say) -> Ending:
    """The nightly run in `settings.home`, unless nothing is new.

    Raises:
        HomeBusy: another process works on the home.
        ContractError: a contract is wrong; says file, line and what was expected.
    """
    as_of = settings.effective_as_of()
    started = time.monotonic()
    with home_lock(settings.home):
        with Ledger(settings.ledger_path) as ledger:
            news = find_news(settings, as_of, ledger, districts)
            if not news:
                found = standings(ledger, as_of, district_names(settings))
                return Ending(_status(found), _unchanged(settings, as_of, found))
        say(f"as of {as_of}; new: {_shortened(news.what)}")
        night = _execute(settings, as_of, districts, say)
        with Ledger(settings.ledger_path) as ledger:
            found = standings(ledger, as_of, district_names(settings))
    if night is None or night.published is None:
        return Ending(Exit.FAILED, _failed(settings, night))
    return Ending(_status(found), _published(settings, night, found, time.monotonic() - started))


def _execute(settings: Settings, as_of: dt.date, districts: list[str], say: Say) -> Night | None:
    """Run the job `nightly`, as the schedule does, with its runs kept where the UI looks; None if it never began."""
    os.environ.update(QUIET)
    from pipelines.dagster_home import prepare

    os.environ["DAGSTER_HOME"] = str(prepare(settings.home / "dagster"))
    from dagster import DagsterInstance

    from pipelines.definitions import JOB, build_definitions

    nights: list[Night] = []
    job = build_definitions(settings, say, nights.append).resolve_job_def(JOB)
    config: dict[str, Any] = {
        "resources": {"night": {"config": {"as_of": as_of.isoformat(), "districts": districts}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    with DagsterInstance.get() as instance:
        job.execute_in_process(run_config=config, instance=instance, raise_on_error=False)
    return nights[0] if nights else None


def _status(found: dict[str, Standing]) -> Exit:
    return Exit.HELD if any_held(found) else Exit.DONE


def _shortened(what: list[str], shown: int = 6) -> str:
    more = f" and {len(what) - shown} more" if len(what) > shown else ""
    return ", ".join(what[:shown]) + more


def _unchanged(settings: Settings, as_of: dt.date, found: dict[str, Standing]) -> list[str]:
    current = (settings.published / "current").readlink().name
    return [f"nothing new as of {as_of}; current release: {current}", *_held(found)]


def _held(found: dict[str, Standing]) -> list[str]:
    lines = [
        f"held: {name} {held.delivery}: {held.reason}" for name, standing in found.items() for held in standing.held
    ]
    if lines:
        lines.append("a held delivery changes nothing; `core accept DISTRICT DELIVERY --reason TEXT` puts it in force")
    return lines


def _failed(settings: Settings, night: Night | None) -> list[str]:
    trouble = night.trouble if night else []
    lines = ["FAILED: nothing was published; the current release stays"]
    lines += trouble[:SHOWN_TROUBLE] or ["a step broke off"]
    if len(trouble) > SHOWN_TROUBLE:
        lines.append(f"and {len(trouble) - SHOWN_TROUBLE} more")
    return [*lines, f"details: make ui (run history), or {_near(settings.home)}/logs"]


def _published(settings: Settings, night: Night, found: dict[str, Standing], seconds: float) -> list[str]:
    release = night.published
    assert release is not None
    rows = sum(facts.rows for tables in release.tables.values() for facts in tables.values())
    restricted = [tier for tier in release.tables if tier.startswith("restricted/")]
    students = sum(release.tables[tier]["student"].rows for tier in restricted if "student" in release.tables[tier])
    shown = release.tables["public"].get("metric")
    passed = sum(check.status == "passed" for check in release.checks)
    folder = _near(settings.published / "current")
    made_up = " (synthetic data)" if release.is_synthetic else ""
    return [
        f"published {release.release_id} as of {release.as_of}{made_up} in {seconds:.0f} s",
        f"  {len(restricted)} districts, {students:,} student rows, {rows:,} rows in all; "
        f"{shown.rows if shown else 0} public figures",
        f"  {passed} of {len(release.checks)} checks passed",
        *(f"  {line}" for line in _held(found) or ["nothing is held"]),
        f"look: {folder}/site/index.html; checks: {folder}/quality/index.html; words: {folder}/docs/index.html",
        f"query: {folder}/partner/core.duckdb; runs and graph: make ui; deliveries: core status",
    ]


def _near(path: Path) -> Path:
    """The path as one would type it from here."""
    with suppress(ValueError):
        return path.absolute().relative_to(Path.cwd())
    return path
