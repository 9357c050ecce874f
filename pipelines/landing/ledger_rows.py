"""Rows of the ledger as the rest of the house sees them."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from pipelines.landing.readers.base import Account, FileRead


@dataclass(frozen=True)
class DeliveryState:
    """A delivery as it stands on an as-of date. `known_from` is None unless it is accepted."""

    district: str
    delivery: str
    delivery_date: dt.date | None
    status: str
    known_from: dt.date | None
    reason: str
    is_synthetic: bool
    digest: str
    contract: str
    resent_of: str | None = None
    path: str = ""
    notes: list[str] = field(default_factory=list)

    @property
    def order(self) -> tuple[dt.date, str]:
        """Deliveries take effect in this order."""
        return (self.delivery_date or dt.date.max, self.delivery)


@dataclass(frozen=True)
class FileRow:
    """A file of a recorded delivery."""

    district: str
    delivery: str
    path: str
    feed: str
    sha256: str
    size: int
    scope: str
    recipe: str
    file_id: str | None
    problem: str | None
    problem_line: int | None


@dataclass(frozen=True)
class FreezeRow:
    """A freeze that was published: its day, what was known (signature), and the file that keeps it."""

    vantage: str
    freeze_date: dt.date
    signature: str
    file: str
    release_id: str


@dataclass(frozen=True)
class RunRow:
    """A run of the nightly job."""

    run_id: str
    started_at: str
    ended_at: str | None
    fingerprint: str
    as_of: dt.date
    status: str
    release_id: str | None
    message: str


def now() -> str:
    """The time, in UTC, for the ledger alone."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def to_date(value: str | None) -> dt.date | None:
    """A day as the ledger writes it."""
    return dt.date.fromisoformat(value) if value else None


def to_file_read(data: dict[str, Any]) -> FileRead:
    """What was measured of a file, from its JSON."""
    return FileRead(**{**data, "account": Account(**data["account"])})


def to_state(row: sqlite3.Row, decision: sqlite3.Row | None) -> DeliveryState:
    """A recorded delivery under the last decision on it."""
    date = to_date(row["delivery_date"])
    status, reason, known_from = row["status"], row["reason"], date
    if decision is not None:
        if decision["decision"] == "accept":
            known_from = to_date(decision["known_from"])
        status = "accepted" if decision["decision"] == "accept" else "held"
        reason = decision["reason"]
    return DeliveryState(
        row["district"], row["delivery"], date, status, known_from if status == "accepted" else None, reason,
        bool(row["is_synthetic"]), row["digest"], row["contract"], row["resent_of"], row["path"],
        json.loads(row["notes"]),
    )  # fmt: skip
