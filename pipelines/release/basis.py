"""What a release stands on: deliveries, raw files, contracts, commit, freezes, restatements; for verify and diff."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.code_version import code_version, commit
from pipelines.digest import file_sha256
from pipelines.landing.ledger import Ledger
from pipelines.landing.raw_restated import KEPT
from pipelines.landing.readers.rawfile import raw_path
from pipelines.release.manifest import Basis, Freeze, ReleaseFile, Restatement, Standing
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

RUNS_LOOKED_AT = 10_000


def basis(con: duckdb.DuckDBPyConnection, settings: Settings, ledger: Ledger, as_of: dt.date) -> Basis:
    """The basis of the release that is being made from the warehouse behind `con`."""
    return Basis(
        commit=commit(),
        contracts=contract_hashes(settings.contracts),
        deliveries=standings(ledger, as_of),
        raw=raw_files(settings, ledger, as_of),
        freezes=_freezes(con, ledger, as_of),
        restatements=restatements(settings, ledger, as_of),
    )


def restatements(settings: Settings, ledger: Ledger, as_of: dt.date) -> list[Restatement]:
    """Those decided by as-of, with the SHA-256 of the counts kept with each."""
    return [
        Restatement(
            district=row.district,
            snapshot_code=row.snapshot_code,
            window_code=row.window_code,
            school_year=row.school_year,
            known_on=row.known_on,
            decided_on=row.decided_on,
            reason=row.reason,
            counts=row.counts,
            sha256={name: file_sha256(settings.restated / row.counts / name) for name, _ in KEPT.values()},
        )
        for row in ledger.restatements(as_of)
    ]


def contract_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 of each contract's file, by its name."""
    return {path.stem: file_sha256(path) for path in sorted(folder.glob("*.yml"))}


def standings(ledger: Ledger, as_of: dt.date) -> list[Standing]:
    """All recorded deliveries as they stand on that day."""
    return [
        Standing(
            district=state.district,
            delivery=state.delivery,
            status=state.status,
            known_from=state.known_from,
            reason=state.reason,
        )
        for state in ledger.states(as_of)
    ]


def raw_files(settings: Settings, ledger: Ledger, as_of: dt.date) -> list[ReleaseFile]:
    """The Parquet files of accepted deliveries with the bytes that were written; read by earlier code: as found now."""
    accepted = {(state.district, state.delivery) for state in ledger.states(as_of) if state.status == "accepted"}
    wanted = {
        (row.district, row.feed, row.file_id)
        for row in ledger.files()
        if row.file_id is not None and (row.district, row.delivery) in accepted
    }
    districts = {district for district, _, _ in wanted}
    reads = {file_id: read for name in districts for (file_id, _), read in ledger.contents(name).items()}
    found = []
    for district, feed, file_id in sorted(wanted):
        path, read = raw_path(settings.raw, district, feed, file_id), reads[file_id]
        known = (read.raw_sha256, read.raw_size) if read.raw_sha256 else (file_sha256(path), path.stat().st_size)
        found.append(ReleaseFile(path=path.relative_to(settings.raw).as_posix(), sha256=known[0], bytes=known[1]))
    return found


def _freezes(con: duckdb.DuckDBPyConnection, ledger: Ledger, as_of: dt.date) -> list[Freeze]:
    """Those that this run computed, and those that were kept, with the code of the release that computed them."""
    computed = con.execute(
        "select vantage, max(freeze_date) from harmonized.int_vantage where vantage_kind = 'freeze' group by vantage"
    ).fetchall()
    mine = code_version()
    found = {
        vantage: Freeze(vantage=vantage, freeze_date=day, release_id="", code_version=mine) for vantage, day in computed
    }
    codes = {run.release_id: json.loads(run.fingerprint).get("code", "") for run in ledger.runs(RUNS_LOOKED_AT)}
    for kept in ledger.freezes():
        if kept.freeze_date <= as_of:
            other = Freeze(
                vantage=kept.vantage,
                freeze_date=kept.freeze_date,
                release_id=kept.release_id,
                code_version=codes.get(kept.release_id, ""),
            )
            found.setdefault(kept.vantage, other)
    return [found[vantage] for vantage in sorted(found)]
