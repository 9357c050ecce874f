"""dbt on a small warehouse: a process of its own, with the project as it was parsed when the environment was made.

Parsing takes longer than building most small warehouses. Where the project has changed since (`make env` parses it again),
dbt parses it itself.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from pipelines.dbt_project import DBT, DBT_PROJECT, PARSED, PREPARED, VERSION


def environment(warehouse: Path) -> dict[str, str]:
    """What dbt is told from outside: the file (named core.duckdb, as in a run), kept open, and to call nowhere."""
    return {
        **os.environ,
        "CORE_WAREHOUSE": str(warehouse),
        "CORE_DBT_KEEP_OPEN": "True",
        "DBT_LOG_LEVEL_FILE": "info",
        "DO_NOT_TRACK": "1",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def dbt(warehouse: Path, target: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A dbt command on the whole project; what it writes ends in `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for name in (*PARSED, VERSION):
        if (PREPARED / name).exists() and not (target / name).exists():
            shutil.copyfile(PREPARED / name, target / name)
    where = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)]
    where += ["--target-path", str(target), "--log-path", str(target)]
    return subprocess.run(
        [str(DBT), *arguments, *where], env=environment(warehouse), capture_output=True, text=True, check=False
    )
