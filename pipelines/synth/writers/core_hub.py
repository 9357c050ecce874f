"""The hub's lists: one CSV file a feed of the contract, whole, as known on the day of the delivery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import DirtLog
from pipelines.synth.writers.tables import write_table

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract


def write(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, out: Path, log: DirtLog) -> None:
    """Write facts.<feed> of every feed; a date is YYYY-MM-DD, a share a decimal number. These lists hold no dirt.

    A feed that the world has no facts of (lanes that somebody else computed) is optional and not sent.
    """
    made = {
        name
        for (name,) in con.execute(
            "select table_name from information_schema.tables where table_schema = 'facts'"
        ).fetchall()
    }
    for feed in contract.files:
        if feed.feed not in made and not feed.required:
            continue
        rows = (
            f"from facts.{feed.feed} where known_from <= date '{delivery.date}'"
            f" and (known_to is null or known_to > date '{delivery.date}')"
        )
        write_table(con, feed, out / feed.pattern, rows)
