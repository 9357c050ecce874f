"""Dagster's own folder: made where `core run` and `make ui` both look, quiet, and one run at a time."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

INSTANCE = """\
# written by core; calls nowhere, and lets the daemon start one run at a time (DuckDB has one writer)
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
freshness:
  enabled: true
# Dagster's defaults, but for the class that keeps its connections
event_log_storage:
  module: pipelines.history
  class: History
  config:
    base_dir: {folder}/history/runs
run_storage:
  module: dagster._core.storage.runs
  class: SqliteRunStorage
  config:
    base_dir: {folder}/history
schedule_storage:
  module: dagster._core.storage.schedules
  class: SqliteScheduleStorage
  config:
    base_dir: {folder}/schedules
"""


def hasten_history() -> None:
    """Let SQLite hand Dagster's run history to the disk in its own time.

    A run writes two thousand events, each in a transaction of its own: two thousand waits for the disk. What a power
    cut can take is history of runs, never data; the ledger has connections of its own.
    """
    from sqlalchemy import Engine, event

    @event.listens_for(Engine, "connect")
    def connected(connection: Any, _: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.execute("pragma synchronous = off")


def prepare(home: Path) -> Path:
    """Make DAGSTER_HOME with its instance file, and return it as an absolute path, which Dagster insists on."""
    folder = home.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    instance = folder / "dagster.yaml"
    wanted = INSTANCE.replace("{folder}", str(folder))
    if not instance.exists() or instance.read_text(encoding="utf-8") != wanted:
        instance.write_text(wanted, encoding="utf-8")
    return folder


if __name__ == "__main__":
    prepare(Path(sys.argv[1]))
