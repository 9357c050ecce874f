"""A copy of the ledger as it stood for a release: for a rebuild, in a folder of its own. The original is only read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pipelines.release.manifest import Restatement, Standing

# What came of runs, not what went into them
LEFT_OUT = ("decision", "freeze", "restatement", "withdrawal", "run", "rollback", "secret", "hash")


def copy_ledger(
    source: Path, target: Path, standings: Iterable[Standing], restatements: Iterable[Restatement] = ()
) -> None:
    """Copy `source`; deliveries and restatements are those told, whatever was decided since; no freeze is kept."""
    known = list(standings)
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as db,
    ):
        original.backup(db)
        with db:
            for table in LEFT_OUT:
                db.execute(f"delete from {table}")
            db.execute("create temp table kept (district text, delivery text)")
            db.executemany("insert into kept values (?, ?)", [(each.district, each.delivery) for each in known])
            db.execute("delete from delivery where (district, delivery) not in (select district, delivery from kept)")
            for each in known:
                _let_stand(db, each)
            db.executemany(
                "insert into restatement (district, snapshot_code, window_code, school_year, known_on, decided_on, "
                "reason, counts, recorded_at) values (:district, :snapshot_code, :window_code, :school_year, "
                ":known_on, :decided_on, :reason, :counts, '')",
                [each.model_dump(mode="json", exclude={"sha256"}) for each in restatements],
            )


def _let_stand(db: sqlite3.Connection, told: Standing) -> None:
    """What is known from another day than its own was accepted by a decision of that day."""
    values = told.model_dump(mode="json")
    db.execute(
        "update delivery set status = :status, reason = :reason where district = :district and delivery = :delivery",
        values,
    )
    if told.known_from is not None:
        db.execute(
            "insert into decision (district, delivery, decision, reason, decided_on, known_from, recorded_at) "
            "select district, delivery, 'accept', :reason, :known_from, :known_from, '' from delivery "
            "where district = :district and delivery = :delivery and delivery_date is not :known_from",
            values,
        )
