"""What the ledger knows of its home besides deliveries and runs: rollbacks, targets and the key."""

from __future__ import annotations

import sqlite3
from abc import abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pipelines.landing.ledger_rows import now


@dataclass(frozen=True)
class RollbackRow:
    """A release that was made current again."""

    from_release: str
    to_release: str
    reason: str
    recorded_at: str


@dataclass(frozen=True)
class TargetRow:
    """The last attempt to load a target: `loaded`, or `failed` with the reason as message."""

    name: str
    release_id: str
    status: str
    message: str
    recorded_at: str


@dataclass(frozen=True)
class KeyRow:
    """A secret that the home has used: `made` here, `found` when first looked at, or `rotated` to."""

    fingerprint: str
    event: str
    reason: str
    recorded_at: str


class HomeRecords:
    """Part of the ledger."""

    _db: sqlite3.Connection

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing."""

    def add_rollback(self, from_release: str, to_release: str, reason: str) -> None:
        """Note a rollback; the caller holds the transaction in which the link moves."""
        self._db.execute(
            "insert into rollback (from_release, to_release, reason, recorded_at) values (?, ?, ?, ?)",
            (from_release, to_release, reason, now()),
        )

    def rollbacks(self) -> list[RollbackRow]:
        """All of them, the latest first."""
        rows = self._db.execute("select from_release, to_release, reason, recorded_at from rollback order by id desc")
        return [RollbackRow(**dict(row)) for row in rows]

    def standing_rollback(self, current: str) -> RollbackRow | None:
        """The rollback by which `current` is current, if it is not what the last run published."""
        last = self.rollbacks()[:1]
        published = self._db.execute(
            "select release_id from run where status = 'published' order by started_at desc, run_id desc limit 1"
        ).fetchone()
        newest = published["release_id"] if published else ""
        return last[0] if last and last[0].to_release == current != newest else None

    def note_target(self, name: str, release_id: str, status: str, message: str) -> None:
        """Note what came of loading a release into a target."""
        with self.transaction():
            self._db.execute(
                "insert or replace into target values (?, ?, ?, ?, ?)", (name, release_id, status, message, now())
            )

    def targets(self) -> list[TargetRow]:
        """The last attempt at each target, by name."""
        return [TargetRow(**dict(row)) for row in self._db.execute("select * from target order by name")]

    def add_key(self, fingerprint: str, event: str, reason: str) -> None:
        """Note the secret in use from now on."""
        with self.transaction():
            self._db.execute(
                "insert into secret (fingerprint, event, reason, recorded_at) values (?, ?, ?, ?)",
                (fingerprint, event, reason, now()),
            )

    def key_history(self) -> list[KeyRow]:
        """Secrets that the home has used, the one in use last."""
        rows = self._db.execute("select fingerprint, event, reason, recorded_at from secret order by id")
        return [KeyRow(**dict(row)) for row in rows]
