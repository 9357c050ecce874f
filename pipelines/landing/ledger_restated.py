"""What the ledger knows of restatements, and of releases that were withdrawn."""

from __future__ import annotations

import datetime as dt
import sqlite3
from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pipelines.landing.ledger_rows import now


@dataclass(frozen=True)
class RestatementRow:
    """A frozen snapshot of a district that is taken as known on a later day.

    `counts` is the folder (in the folder of kept counts) with the counts behind the public figures as they were.
    """

    district: str
    snapshot_code: str
    window_code: str
    school_year: int
    known_on: dt.date
    decided_on: dt.date
    reason: str
    counts: str

    def __str__(self) -> str:
        return f"{self.district} {self.snapshot_code} of {self.school_year} as known on {self.known_on}: {self.reason}"


@dataclass(frozen=True)
class WithdrawalRow:
    """A release that is kept no longer."""

    release_id: str
    reason: str
    recorded_at: str


COLUMNS = "district, snapshot_code, window_code, school_year, known_on, decided_on, reason, counts"


class RestatementRecords:
    """Part of the ledger."""

    _db: sqlite3.Connection

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""

    def add_restatement(self, row: RestatementRow) -> None:
        """Note a restatement that was decided."""
        with self.transaction():
            self._db.execute(
                f"insert into restatement ({COLUMNS}, recorded_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    row.district, row.snapshot_code, row.window_code, row.school_year, row.known_on.isoformat(),
                    row.decided_on.isoformat(), row.reason, row.counts, now(),
                ),
            )  # fmt: skip

    def restatements(self, as_of: dt.date | None = None) -> list[RestatementRow]:
        """Those decided on or before a day (all of them without one), in the order in which they were made."""
        rows = self._db.execute(
            f"select {COLUMNS} from restatement where decided_on <= ? order by id",
            ((as_of or dt.date.max).isoformat(),),
        )
        days = ("known_on", "decided_on")
        return [
            RestatementRow(**{**dict(row), **{day: dt.date.fromisoformat(row[day]) for day in days}}) for row in rows
        ]

    def add_withdrawal(self, release_id: str, reason: str) -> None:
        """Note that a release is withdrawn; the caller holds the transaction in which its folder goes."""
        self._db.execute("insert or replace into withdrawal values (?, ?, ?)", (release_id, reason, now()))

    def withdrawals(self) -> list[WithdrawalRow]:
        """All of them, by release."""
        return [WithdrawalRow(**dict(row)) for row in self._db.execute("select * from withdrawal order by release_id")]
