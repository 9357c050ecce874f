"""How dbt is called: where it keeps what it knows, what it is told, and when its project is parsed again.

Imports no engine and not dbt: parsing runs as a process beside the imports of the run that waits for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pipelines.code_version import tree_hash
from pipelines.errors import CannotRunError
from pipelines.settings import PROJECT, Settings

DBT_PROJECT = PROJECT / "dbt_project"
DBT = Path(sys.executable).parent / "dbt"


def dbt_target(settings: Settings) -> Path:
    """Where dbt keeps what it knows from one run to the next, and its log."""
    return settings.home.resolve() / "dbt_target"


def dbt_environment(settings: Settings) -> dict[str, str]:
    """All that dbt is told from outside: the warehouse file, to keep it open, and to call nowhere.

    Here dbt is a process of its own, which ends: it need not close and open the file for each of three hundred nodes.
    """
    return {
        "CORE_WAREHOUSE": str(settings.warehouse.resolve()),
        "CORE_DBT_KEEP_OPEN": "True",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


class Parsing:
    """The dbt project's manifest: there already, or being made by a process that was started now."""

    def __init__(self, settings: Settings) -> None:
        target = dbt_target(settings)
        self.manifest = target / "manifest.json"
        self._parsed = target / "parsed"
        self._version = tree_hash(PROJECT, [DBT_PROJECT.name])
        self._process: subprocess.Popen[str] | None = None
        if self.manifest.exists() and self._parsed.exists() and self._parsed.read_text() == self._version:
            return
        target.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [
                *(str(DBT), "--quiet", "parse", "--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
                *("--target-path", str(target), "--log-path", str(target)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, **dbt_environment(settings)},
        )

    @property
    def is_running(self) -> bool:
        """Whether there is something to wait for."""
        return self._process is not None

    def finished(self) -> Path:
        """manifest.json, once it is there.

        Raises CannotRunError with dbt's words if the project cannot be parsed.
        """
        if self._process is not None:
            told, _ = self._process.communicate()
            if self._process.returncode:
                raise CannotRunError(f"the dbt project cannot be parsed:\n{told.strip()}")
            self._parsed.write_text(self._version)
            self._process = None
        return self.manifest
