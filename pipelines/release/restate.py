"""`core restate`: a frozen snapshot of a district is taken as known on a later day. A recorded decision, no computing.

What the public tier showed until then is kept with the decision, in the home and private, for good: only beside it can
the next releases tell which counts moved by so few students that they must not be shown (dbt_project/models/privacy).
"""

from __future__ import annotations

import csv
import datetime as dt
import os
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.digest import file_sha256
from pipelines.errors import CannotRunError, WrongAskError
from pipelines.landing.contract import Contract
from pipelines.landing.ledger import Ledger, RestatementRow
from pipelines.landing.raw_restated import COUNT, KEPT, TERM, names
from pipelines.lock import home_lock
from pipelines.release.content import content_hash
from pipelines.release.find import find_release, read_release
from pipelines.release.manifest import Manifest
from pipelines.release.tiers import quoted
from pipelines.settings import PROJECT, Settings

SNAPSHOTS = PROJECT / "dbt_project" / "seeds" / "snapshot_definition.csv"
PRIVATE_UMASK = 0o077
HASH_LENGTH = 24
SOURCES = {
    "restated_count": f"select {names(COUNT)} from privacy.public_known",
    "restated_term": f"select {names(TERM)} from privacy.public_system",
}


@dataclass(frozen=True)
class Asked:
    """What is to be restated: `known_on` is None for as known on the day of the decision."""

    contract: Contract
    snapshot_code: str
    school_year: int
    known_on: dt.date | None
    reason: str


def restate(settings: Settings, asked: Asked) -> list[str]:
    """Record the restatement and keep the counts as they are; returns what to say.

    Raises:
        WrongAskError: no such snapshot, not frozen, a wrong day, no current release, or the same once more.
        CannotRunError: the warehouse is not that of the current release.
        HomeBusyError: a run works on the home.
    """
    decided_on = settings.effective_as_of()
    known_on = asked.known_on or decided_on
    with home_lock(settings.home), Ledger(settings.ledger_path) as ledger:
        manifest = read_release(find_release(settings.published, "current"))
        window, along = _window(asked.snapshot_code)
        _judge(ledger, asked, window, known_on, decided_on)
        with closing(_warehouse(settings, manifest)) as con:
            _has_figures(con, asked)
            counts = _keep(con, settings.restated)
        row = RestatementRow(
            district=asked.contract.district,
            snapshot_code=asked.snapshot_code,
            window_code=window,
            school_year=asked.school_year,
            known_on=known_on,
            decided_on=decided_on,
            reason=asked.reason,
            counts=counts,
        )
        ledger.add_restatement(row)
    return [
        f"restated: {row}",
        f"what {asked.contract.district} sent for {asked.school_year} counts as known on {known_on} in "
        f"{', '.join(along)} (taken together), from the next release on; next: core run",
        "public figures of which a count that was shown moves by 1 to 10 students will be hidden, at every level",
    ]


def _window(snapshot_code: str) -> tuple[str, list[str]]:
    """The window in which a snapshot is taken, and all snapshots taken in it."""
    with SNAPSHOTS.open(encoding="utf-8", newline="") as file:
        windows = {row["snapshot_code"]: row["window_code"] for row in csv.DictReader(file)}
    if snapshot_code not in windows:
        raise WrongAskError(f"no snapshot {snapshot_code!r}; there are {', '.join(windows)}")
    window = windows[snapshot_code]
    return window, [code for code, other in windows.items() if other == window]


def _judge(ledger: Ledger, asked: Asked, window: str, known_on: dt.date, decided_on: dt.date) -> None:
    if not asked.reason.strip():
        raise WrongAskError("say why (--reason TEXT): it is published with the figures")
    freezes = {freeze.vantage: freeze.freeze_date for freeze in ledger.freezes()}
    freeze = freezes.get(f"{asked.school_year}_{window}")
    what = f"{asked.snapshot_code} of school year {asked.school_year}"
    if freeze is None:
        years = ", ".join(sorted(name[:4] for name in freezes if name.endswith(f"_{window}"))) or "none"
        raise WrongAskError(f"{what} is not frozen, so it needs no restatement; frozen school years: {years}")
    if known_on <= freeze:
        raise WrongAskError(f"{what} was frozen on {freeze}; a restatement takes what was known on a later day")
    if known_on > decided_on:
        raise WrongAskError(f"{known_on} is in the future (as of {decided_on})")
    for row in ledger.restatements():
        same = (row.district, row.window_code, row.school_year) == (
            asked.contract.district,
            window,
            asked.school_year,
        )
        if same and row.known_on == known_on:
            raise WrongAskError(f"restated so already: {row}")


def _warehouse(settings: Settings, manifest: Manifest) -> duckdb.DuckDBPyConnection:
    """The warehouse of the current release, read-only. Raises CannotRunError if it is another's, or gone."""
    wrong = CannotRunError(
        f"the warehouse does not hold the current release {manifest.release_id} (it was rebuilt, rolled back or made "
        "by earlier code): core run first, then restate"
    )
    if not settings.warehouse.is_file():
        raise wrong
    con = duckdb.connect(str(settings.warehouse), read_only=True)
    try:
        columns = [row[0] for row in con.execute("describe public.metric").fetchall()]
        facts = manifest.tables["public"]["metric"]
        con.execute("from privacy.public_known limit 0")
        found = content_hash(con, "public.metric", columns)
    except (duckdb.Error, KeyError) as error:
        con.close()
        raise wrong from error
    if found != (facts.rows, facts.content_hash):
        con.close()
        raise wrong
    return con


def _has_figures(con: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    found = con.execute(
        "select count(*) from partner.metric "
        "where level = 'district' and entity_code = ? and snapshot_code = ? and school_year = ?",
        [asked.contract.district_code, asked.snapshot_code, asked.school_year],
    ).fetchall()
    if not found[0][0]:
        raise WrongAskError(
            f"{asked.contract.district} has no figures of {asked.snapshot_code} of school year {asked.school_year}"
        )


def _keep(con: duckdb.DuckDBPyConnection, folder: Path) -> str:
    """Write the counts and their equations, for the owner alone, into a folder named by their content."""
    before = os.umask(PRIVATE_UMASK)
    try:
        fresh = folder / ".fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        digests = []
        for table, (name, _) in KEPT.items():
            path = fresh / name
            con.execute(f"copy ({SOURCES[table]} order by all) to '{quoted(path)}' (format parquet, compression zstd)")
            digests.append(file_sha256(path))
        name = "-".join(digest[: HASH_LENGTH // 2] for digest in digests)
        if (folder / name).is_dir():
            shutil.rmtree(fresh)
        else:
            fresh.rename(folder / name)
    finally:
        os.umask(before)
    return name
