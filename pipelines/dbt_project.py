"""How dbt is called: where it keeps what it knows, what it is told, and when its project is parsed again.

Imports no engine and not dbt: parsing runs as a process beside the imports of the run that waits for it. `make` parses
once, when it sets up (`python -m pipelines.dbt_project`); a home takes over that, and parses itself only where the
project has changed since.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from pipelines.code_version import tree_hash
from pipelines.errors import CannotRunError
from pipelines.settings import PROJECT, Settings

DBT_PROJECT = PROJECT / "dbt_project"
DBT = Path(sys.executable).parent / "core-dbt"
PREPARED = DBT_PROJECT / "target"
PARSED = ("manifest.json", "partial_parse.msgpack")
# which state of the project the two files above are of
VERSION = "parsed"


def dbt_target(settings: Settings) -> Path:
    """Where dbt keeps what it knows from one run to the next, and its log."""
    return settings.home.resolve() / "dbt_target"


def dbt_environment(settings: Settings) -> dict[str, str]:
    """All that dbt is told from outside: the warehouse file, to keep it open, threads, and to call nowhere.

    Here dbt is a process of its own, which ends: it need not close and open the file for each of three hundred nodes.
    """
    return {
        "CORE_WAREHOUSE": str(settings.warehouse.resolve()),
        "CORE_DBT_KEEP_OPEN": "True",
        # every step of every node, in JSON, is ten megabytes a night
        "DBT_LOG_LEVEL_FILE": "info",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        **({"CORE_THREADS": str(settings.threads)} if settings.threads else {}),
    }


def project_version() -> str:
    """Hash of all files of the dbt project and of the versions that parse it."""
    return f"{tree_hash(PROJECT, [DBT_PROJECT.name])} {metadata.version('dbt-core')} {metadata.version('dbt-duckdb')}"


def _is_parsed(target: Path, version: str) -> bool:
    kept = target / VERSION
    return kept.exists() and kept.read_text() == version and all((target / name).exists() for name in PARSED)


def _parse(target: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    target.mkdir(parents=True, exist_ok=True)
    (target / VERSION).unlink(missing_ok=True)
    return subprocess.Popen(
        [
            *(str(DBT), "--quiet", "parse", "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(target), "--log-path", str(target)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **environment},
    )


def _finish(process: subprocess.Popen[str], target: Path, version: str) -> None:
    told, _ = process.communicate()
    if process.returncode:
        raise CannotRunError(f"the dbt project cannot be parsed:\n{told.strip()}")
    (target / VERSION).write_text(version)


class Parsing:
    """The dbt project's manifest: there already, or being made by a process that was started now."""

    def __init__(self, settings: Settings) -> None:
        self._target = dbt_target(settings)
        self._version = project_version()
        self._process: subprocess.Popen[str] | None = None
        if _is_parsed(self._target, self._version):
            return
        if _is_parsed(PREPARED, self._version):
            self._target.mkdir(parents=True, exist_ok=True)
            (self._target / VERSION).unlink(missing_ok=True)
            for name in PARSED:
                shutil.copyfile(PREPARED / name, self._target / name)
            (self._target / VERSION).write_text(self._version)
            return
        self._process = _parse(self._target, dbt_environment(settings))

    @property
    def is_running(self) -> bool:
        """Whether there is something to wait for."""
        return self._process is not None

    def finished(self) -> Path:
        """manifest.json, once it is there.

        Raises CannotRunError with dbt's words if the project cannot be parsed.
        """
        if self._process is not None:
            _finish(self._process, self._target, self._version)
            self._process = None
        return self._target / "manifest.json"


def prepare() -> None:
    """Parse the project once for all homes, if it has changed. Raises CannotRunError with dbt's words if it cannot."""
    version = project_version()
    if not _is_parsed(PREPARED, version):
        _finish(_parse(PREPARED, {"DO_NOT_TRACK": "1"}), PREPARED, version)


if __name__ == "__main__":
    try:
        prepare()
    except CannotRunError as error:
        sys.exit(str(error))
