"""Frozen snapshots are kept: what was published at a freeze is not computed again, whatever is corrected later.

`<home>/frozen/<vantage>-<hash>.parquet` holds the rows of on_track.snapshot_measure of one vantage; the ledger notes
the signature (which districts were known, since when) under which they were computed.
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from pipelines.landing.ledger import Ledger
from pipelines.release.content import content_hash
from pipelines.release.tiers import quoted
from pipelines.settings import Settings

HASH_LENGTH = 24


def keep_frozen(con: duckdb.DuckDBPyConnection, settings: Settings, ledger: Ledger, release_id: str) -> list[str]:
    """Keep the freezes that this run has computed, after they have been published; returns their vantages.

    The file is written before the ledger tells of it, and earlier files of the vantage go last: a run that is killed
    in between computes the freeze again.
    """
    settings.frozen.mkdir(parents=True, exist_ok=True, mode=0o700)
    computed = con.execute(
        "select vantage, max(freeze_date), any_value(signature) from harmonized.int_vantage "
        "where vantage_kind = 'freeze' group by vantage order by vantage"
    ).fetchall()
    kept = {}
    for vantage, freeze_date, signature in computed:
        kept[vantage] = _write(con, settings.frozen, vantage)
        ledger.record_freeze(vantage, freeze_date, signature, kept[vantage].name, release_id)
    # last: a freeze that is computed again (restated, say) is still listed in the view of kept ones that is read above
    for vantage, file in kept.items():
        for other in settings.frozen.glob(f"{vantage}-*.parquet"):
            if other != file:
                other.unlink()
    return [vantage for vantage, _, _ in computed]


def _write(con: duckdb.DuckDBPyConnection, folder: Path, vantage: str) -> Path:
    rows = f"(select * from on_track.snapshot_measure where vantage = '{quoted(vantage)}')"
    columns = [column[0] for column in con.execute(f"describe select * from {rows}").fetchall()]
    _, found = content_hash(con, rows, columns)
    target = folder / f"{vantage}-{found[:HASH_LENGTH]}.parquet"
    fresh = folder / f".{target.name}"
    before = os.umask(0o077)
    try:
        con.execute(f"copy (select * from {rows} order by all) to '{quoted(fresh)}' (format parquet, compression zstd)")
    finally:
        os.umask(before)
    fresh.replace(target)
    return target
