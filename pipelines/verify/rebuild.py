"""A release made again from raw, recorded deliveries, contracts, key and as-of date, in an empty home of its own.

The home that is verified is only read: raw is looked at through a link, the ledger is copied, the landing is not
needed. No frozen result is taken over: all are computed again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.dbt_project import DBT, DBT_PROJECT, Parsing, dbt_environment, dbt_target
from pipelines.errors import CannotRunError
from pipelines.key import key_with
from pipelines.landing.contract import load_contracts
from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_schema import build_raw_schema
from pipelines.release.manifest import Manifest
from pipelines.settings import Settings
from pipelines.verify.ledger_copy import copy_ledger

PRIVATE_UMASK = 0o077
LAST_LINES = 12


@contextmanager
def rebuilt(settings: Settings, manifest: Manifest) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a warehouse made again, open for reading; everything is removed afterwards.

    Raises CannotRunError with dbt's words if it does not get that far.
    """
    before = os.umask(PRIVATE_UMASK)
    try:
        # private (0700): it holds students and the key, for minutes
        with tempfile.TemporaryDirectory(prefix="core-verify-") as folder:
            home = settings.model_copy(update={"home": Path(folder)})
            _prepare(settings, home, manifest)
            _build(home, manifest)
            with duckdb.connect(str(home.warehouse), read_only=True) as con:
                if settings.threads:
                    con.execute(f"set threads = {int(settings.threads)}")
                yield con
    finally:
        os.umask(before)


def _prepare(settings: Settings, home: Settings, manifest: Manifest) -> None:
    home.raw.symlink_to(settings.raw.resolve(), target_is_directory=True)
    if settings.restated.is_dir():
        home.restated.symlink_to(settings.restated.resolve(), target_is_directory=True)
    home.frozen.mkdir()
    home.warehouse.parent.mkdir()
    shutil.copyfile(key_with(settings, manifest.key_fingerprint), home.key_path)
    copy_ledger(settings.ledger_path, home.ledger_path, manifest.basis.deliveries, manifest.basis.restatements)


def _build(home: Settings, manifest: Manifest) -> None:
    parsing = Parsing(home)
    contracts = load_contracts(home.contracts)
    con = duckdb.connect(str(home.warehouse))
    try:
        if home.threads:
            con.execute(f"set threads = {int(home.threads)}")
        with Ledger(home.ledger_path) as ledger:
            build_raw_schema(con, home, contracts, ledger, manifest.as_of)
    finally:
        con.close()
    parsing.finished()
    target = dbt_target(home)
    done = subprocess.run(
        [
            *(str(DBT), "--quiet", "build", "--exclude-resource-type", "test", "unit_test"),
            *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
            *("--target-path", str(target), "--log-path", str(target)),
        ],
        env={**os.environ, **dbt_environment(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:])
        raise CannotRunError(f"the warehouse cannot be built again:\n{said}")
