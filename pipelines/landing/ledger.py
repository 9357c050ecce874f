"""The ledger (SQLite): deliveries, files, contents, decisions, freezes and runs. May be read while a run goes on.

A delivery is recorded in one transaction, after its raw files have been written: a run that is killed has either
recorded it or not touched it. Imports no engine.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipelines.landing.delivery import Delivery, Listing
from pipelines.landing.ledger_home import HomeRecords, KeyRow, RollbackRow
from pipelines.landing.ledger_restated import RestatementRecords, RestatementRow
from pipelines.landing.ledger_rows import (
    DeliveryState,
    FileRow,
    FreezeRow,
    RunRow,
    now,
    to_date,
    to_file_read,
    to_state,
)
from pipelines.landing.ledger_schema import SCHEMA, SCHEMA_VERSION
from pipelines.landing.measures import CheckMeasure, FileOutcome
from pipelines.landing.readers.base import FileRead

__all__ = ["DeliveryState", "FileRow", "FreezeRow", "KeyRow", "Ledger", "RestatementRow", "RollbackRow", "RunRow"]


class Ledger(HomeRecords, RestatementRecords):
    """The ledger of a home. Close it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Transactions are opened by hand, so that one delivery is one of them
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        if self._db.execute("pragma user_version").fetchone()[0] < SCHEMA_VERSION:
            self._db.executescript(f"{SCHEMA} pragma user_version = {SCHEMA_VERSION};")
        self._hashes: dict[str, tuple[int, int, str]] | None = None
        self._new_hashes: dict[str, tuple[int, int, str]] = {}

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write what the hash cache has learnt, and close."""
        self.flush_hashes()
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    # --- hash cache (a HashCache of delivery.py) ---

    def get(self, path: str, size: int, mtime_ns: int) -> str | None:
        """What was found in the file when it had this size and time of change."""
        if self._hashes is None:
            rows = self._db.execute("select path, size, mtime_ns, value from hash")
            self._hashes = {row["path"]: (row["size"], row["mtime_ns"], row["value"]) for row in rows}
        kept = self._hashes.get(path)
        return kept[2] if kept is not None and kept[:2] == (size, mtime_ns) else None

    def put(self, path: str, size: int, mtime_ns: int, value: str) -> None:
        """Remember; written when the ledger is closed or a delivery recorded."""
        if self._hashes is not None:
            self._hashes[path] = (size, mtime_ns, value)
        self._new_hashes[path] = (size, mtime_ns, value)

    def flush_hashes(self) -> None:
        """Write what the hash cache has learnt."""
        if self._new_hashes:
            rows = [(path, *entry) for path, entry in self._new_hashes.items()]
            with self.transaction():
                self._db.executemany("insert or replace into hash values (?, ?, ?, ?)", rows)
            self._new_hashes = {}

    # --- deliveries ---

    def record(
        self, delivery: Delivery, listing: Listing, files: list[FileOutcome], failures: list[CheckMeasure],
        recipes: dict[str, str], contract: str, is_late: bool, resent_of: str | None, notes: list[str],
    ) -> None:  # fmt: skip
        """Record a delivery with its files, contents and failures, in one transaction; a record of it is replaced."""
        key = (delivery.district, delivery.name)
        reason = "; ".join(str(failure) for failure in failures)
        with self.transaction():
            earlier = self._db.execute(
                "select found_at from delivery where district = ? and delivery = ?", key
            ).fetchone()
            for table in ("delivery", "file", "failure"):
                self._db.execute(f"delete from {table} where district = ? and delivery = ?", key)
            self._db.execute(
                "insert into delivery values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *key, delivery.date.isoformat() if delivery.date else None, listing.digest, str(delivery.path),
                    listing.is_synthetic, "held" if failures else "accepted", reason, is_late, contract, resent_of,
                    json.dumps(notes), earlier["found_at"] if earlier else now(), now(),
                ),
            )  # fmt: skip
            for file in files:
                file_id = file.read.file_id if file.read else None
                self._db.execute(
                    "insert into file values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *key, file.path, file.feed, file.sha256, file.size, file.scope, recipes[file.feed], file_id,
                        file.problem, file.line,
                    ),
                )  # fmt: skip
                if file.read is not None:
                    self._record_content(delivery.district, file, file.read, recipes[file.feed])
            for number, failure in enumerate(failures):
                self._db.execute(
                    "insert into failure values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *key, number, failure.name, failure.feed, failure.n, failure.limit, failure.where, failure.what,
                        failure.what_to_do,
                    ),
                )  # fmt: skip

    def _record_content(self, district: str, file: FileOutcome, read: FileRead, recipe: str) -> None:
        account = read.account
        self._db.execute(
            "insert or replace into content values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                read.file_id, district, file.feed, recipe, read.sha256, read.size, account.lines, account.header,
                account.records, account.continuation, account.rejected, account.blank,
                json.dumps(asdict(read), sort_keys=True),
            ),
        )  # fmt: skip
        self._db.execute("delete from scope where file_id = ?", (read.file_id,))
        rows = [(read.file_id, scope, n) for scope, n in read.scopes.items()]
        self._db.executemany("insert into scope values (?, ?, ?)", rows)

    def contents(self, district: str) -> dict[tuple[str, str], FileRead]:
        """All contents read for a district, by file id and recipe."""
        rows = self._db.execute("select file_id, recipe, read from content where district = ?", (district,))
        return {(row["file_id"], row["recipe"]): to_file_read(json.loads(row["read"])) for row in rows}

    def files(self, district: str | None = None) -> list[FileRow]:
        """Files of recorded deliveries, in the order of delivery names and paths."""
        where, values = ("where district = ?", (district,)) if district else ("", ())
        rows = self._db.execute(f"select * from file {where} order by district, delivery, path, feed", values)
        return [FileRow(**dict(row)) for row in rows]

    def scopes(self) -> dict[str, dict[str, int]]:
        """Rows per scope of every content, by file id."""
        found: dict[str, dict[str, int]] = {}
        for row in self._db.execute("select file_id, scope, rows from scope order by file_id, scope"):
            found.setdefault(row["file_id"], {})[row["scope"]] = row["rows"]
        return found

    def failures(self, district: str, delivery: str) -> list[CheckMeasure]:
        """The failed checks of a delivery."""
        rows = self._db.execute(
            "select * from failure where district = ? and delivery = ? order by number", (district, delivery)
        )
        return [
            CheckMeasure(
                row["name"], district, delivery, row["feed"], row["n"], row["max"], row["place"], row["what_to_do"],
                row["what"],
            )
            for row in rows
        ]  # fmt: skip

    def states(self, as_of: dt.date, district: str | None = None) -> list[DeliveryState]:
        """Recorded deliveries dated on or before as-of as they stand on that day, in the order of their dates.

        The verdict of the checks holds until a decision made on or before as-of. Deliveries without a date are held.
        """
        decisions: dict[tuple[str, str], sqlite3.Row] = {}
        for row in self._db.execute(
            "select * from decision where decided_on <= ? order by decided_on, id", (as_of.isoformat(),)
        ):
            decisions[row["district"], row["delivery"]] = row
        where, values = ("where district = ?", (district,)) if district else ("", ())
        states = []
        for row in self._db.execute(f"select * from delivery {where}", values):
            state = to_state(row, decisions.get((row["district"], row["delivery"])))
            if state.delivery_date is None or state.delivery_date <= as_of:
                states.append(state)
        return sorted(states, key=lambda state: (state.district, state.order))

    # --- decisions and freezes ---

    def decide(self, district: str, delivery: str, decision: str, reason: str, decided_on: dt.date) -> dt.date:
        """Record a steward's decision; returns the day from which an accepted delivery is known.

        That is the delivery's date, unless a freeze on or after it has been published without it. Raises KeyError for
        a delivery that is not recorded.
        """
        row = self._db.execute(
            "select * from delivery where district = ? and delivery = ?", (district, delivery)
        ).fetchone()
        if row is None:
            raise KeyError(delivery)
        date = to_date(row["delivery_date"])
        frozen = self.last_freeze()
        is_late = date is None or bool(row["is_late"]) or (row["status"] == "held" and frozen and date <= frozen)
        known_from = decided_on if is_late or date is None else date
        with self.transaction():
            self._db.execute(
                "insert into decision (district, delivery, decision, reason, decided_on, known_from, recorded_at) "
                "values (?, ?, ?, ?, ?, ?, ?)",
                (district, delivery, decision, reason, decided_on.isoformat(), known_from.isoformat(), now()),
            )
        return known_from

    def decisions(self) -> list[dict[str, Any]]:
        """All decisions in the order in which they were made (part of what a run's fingerprint is made of)."""
        columns = "district, delivery, decision, reason, decided_on, known_from"
        rows = self._db.execute(f"select {columns} from decision order by id")
        return [dict(row) for row in rows]

    def record_freeze(self, vantage: str, freeze_date: dt.date, signature: str, file: str, release_id: str) -> None:
        """Note that a frozen snapshot has been published and kept as `file` (its name in the folder of kept ones)."""
        with self.transaction():
            self._db.execute(
                "insert or replace into freeze values (?, ?, ?, ?, ?, ?)",
                (vantage, freeze_date.isoformat(), signature, file, release_id, now()),
            )

    def freezes(self) -> list[FreezeRow]:
        """Published freezes by vantage."""
        rows = self._db.execute("select vantage, freeze_date, signature, file, release_id from freeze order by vantage")
        return [FreezeRow(**{**dict(row), "freeze_date": dt.date.fromisoformat(row["freeze_date"])}) for row in rows]

    def last_freeze(self) -> dt.date | None:
        """The latest freeze date that has been published."""
        return max((freeze.freeze_date for freeze in self.freezes()), default=None)

    # --- runs ---

    def start_run(self, run_id: str, fingerprint: str, as_of: dt.date) -> None:
        """Note the start of a run."""
        with self.transaction():
            self._db.execute(
                "insert or replace into run values (?, ?, null, ?, ?, 'running', null, '')",
                (run_id, now(), fingerprint, as_of.isoformat()),
            )

    def end_run(self, run_id: str, status: str, release_id: str | None, message: str) -> None:
        """Note its end: `published`, `unchanged` or `failed`."""
        with self.transaction():
            self._db.execute(
                "update run set ended_at = ?, status = ?, release_id = ?, message = ? where run_id = ?",
                (now(), status, release_id, message, run_id),
            )

    def runs(self, limit: int = 20) -> list[RunRow]:
        """Runs, the latest first."""
        rows = self._db.execute("select * from run order by started_at desc, run_id desc limit ?", (limit,))
        return [RunRow(**{**dict(row), "as_of": dt.date.fromisoformat(row["as_of"])}) for row in rows]
