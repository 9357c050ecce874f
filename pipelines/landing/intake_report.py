"""What is said of a delivery after intake, and the small questions that intake asks of names and files."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.landing.delivery import SYNTHETIC
from pipelines.landing.measures import CheckMeasure, FileOutcome
from pipelines.landing.readers.base import FileRead


@dataclass
class DeliveryReport:
    """What became of a delivery. `is_new`: it was read or judged in this run."""

    district: str
    delivery: str
    date: dt.date | None
    status: str
    reason: str
    is_new: bool
    files: list[FileOutcome] = field(default_factory=list)
    failures: list[CheckMeasure] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        rows = sum(file.read.account.records for file in self.files if file.read)
        rejected = sum(file.read.account.rejected for file in self.files if file.read)
        counts = f": {len(self.files)} files, {rows:,} rows, {rejected:,} rejected" if self.files else ""
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.district} {self.delivery} {self.status}{counts}{reason}"


@dataclass
class IntakeReport:
    """What became of a district's deliveries dated on or before as-of, in their order."""

    district: str
    deliveries: list[DeliveryReport] = field(default_factory=list)

    @property
    def held(self) -> list[DeliveryReport]:
        """Deliveries that are held."""
        return [delivery for delivery in self.deliveries if delivery.status == "held"]

    @property
    def new(self) -> list[DeliveryReport]:
        """Deliveries read or judged in this run."""
        return [delivery for delivery in self.deliveries if delivery.is_new]


def quirk_measure(read: FileRead, name: str) -> bool | int | str:
    """A measure of a file that a quirk may name in `expect`.

    Raises ValueError for a name that is none.
    """
    measures: dict[str, bool | int | str] = {
        "has_bom": read.has_bom,
        "line_end": read.line_end,
        "n_rows": read.account.records,
        "n_rejected": read.account.rejected,
        "n_blank": read.account.blank,
        "n_continuation": read.account.continuation,
        "has_rejects": read.account.rejected > 0,
        "has_blanks": read.account.blank > 0,
        "has_refused": bool(read.refused or read.refused_values),
        "has_duplicate_keys": read.duplicate_keys > 0,
        "n_refused": len(read.refused),
        "n_duplicate_keys": read.duplicate_keys,
    }
    if name not in measures:
        raise ValueError(f"no measure {name!r}; there are {', '.join(measures)}")
    return measures[name]


def matches(name: str, pattern: str) -> bool:
    """Whether a path inside a delivery matches a pattern of the contract, with or without `.gz`, capitals aside."""
    lowered, wanted = name.lower(), pattern.lower()
    return fnmatchcase(lowered, wanted) or (lowered.endswith(".gz") and fnmatchcase(lowered[:-3], wanted))


def is_ignored(name: str, ignore: list[str]) -> bool:
    """Whether a file is no feed by the contract (or says that the delivery is synthetic)."""
    return Path(name).name == SYNTHETIC or any(matches(name, pattern) for pattern in ignore)


def notes_of(files: list[FileOutcome]) -> list[str]:
    """What a steward should know of the files, without a student's value."""
    notes = []
    for file in files:
        if file.read is None:
            continue
        notes += [f"{file.path}: {note}" for note in file.read.notes]
        for column in file.read.refused:
            notes.append(f"{file.path}: column {column} looks like social security numbers and was refused")
        for column, n in file.read.refused_values.items():
            notes.append(f"{file.path}: {n} values of {column} look like social security numbers and were refused")
    return notes
