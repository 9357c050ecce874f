"""What every reader takes and gives: a source, an account of its lines, one reason if it cannot be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

# A social security number; longer runs of digits and dashes (phone numbers, accounts) are none.
SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
# In a file that has such a column, also written without dashes or with blanks.
SSN_LOOSE = re.compile(r"(?<!\d)\d{3}[-. ]?\d{2}[-. ]?\d{4}(?!\d)")
SSN_HEADER = re.compile(r"(?i:(?<![a-z])ssn(?![a-z])|social[\W_]*sec|soc[\W_]*sec)|(?<![A-Z])SSN(?![A-Z])")
REFUSED_TEXT = "[refused]"


class Unreadable(Exception):
    """A file that cannot be read as the contract says; one reason, with the line where that is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason if line is None else f"line {line}: {reason}")


class Source(Protocol):
    """A file of a delivery, unpacked as it is read; may be opened more than once."""

    plain: Path | None

    @property
    def name(self) -> str:
        """Path inside the delivery."""

    def open(self) -> AbstractContextManager[IO[bytes]]:
        """A stream over the unpacked bytes, from the beginning."""


@dataclass(frozen=True)
class Reject:
    """A physical line that cannot be read as the contract says (in XML: a record)."""

    line: int
    reason: str
    raw: str


@dataclass
class Account:
    """header + records + continuation + rejected + blank = lines, always (jsonl: no header; XML: lines are records)."""

    lines: int = 0
    header: int = 0
    records: int = 0
    continuation: int = 0
    rejected: int = 0
    blank: int = 0

    @property
    def balances(self) -> bool:
        """Whether every physical line is accounted for."""
        return self.header + self.records + self.continuation + self.rejected + self.blank == self.lines


@dataclass
class FileRead:
    """What is known of a file's content after reading it; kept in the ledger, without a student's value.

    `raw_sha256` and `raw_size` are of the Parquet file that was written: raw is for ever, and can be held to that.
    """

    file_id: str
    sha256: str
    size: int
    account: Account = field(default_factory=Account)
    has_bom: bool = False
    line_end: str = ""
    columns: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    refused_values: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    reject_reasons: dict[str, int] = field(default_factory=dict)
    first_reject: int | None = None
    scopes: dict[str, int] = field(default_factory=dict)
    schools: dict[str, int] = field(default_factory=dict)
    filled: dict[str, int] = field(default_factory=dict)
    duplicate_keys: int = 0
    unknown_codes: dict[str, int] = field(default_factory=dict)
    raw_sha256: str = ""
    raw_size: int = 0

    def count_rejects(self, rejects: list[Reject]) -> None:
        """Put the number of rejects per reason, and the first line, into the account."""
        self.account.rejected = len(rejects)
        self.reject_reasons = dict(sorted(Counter(reject.reason for reject in rejects).items()))
        self.first_reject = min((reject.line for reject in rejects), default=None)


def is_ssn_header(name: str) -> bool:
    """Whether a column's name says that it holds social security numbers."""
    return SSN_HEADER.search(name) is not None


def mask(text: str, loose: bool) -> str:
    """Raw text of a reject without social security numbers."""
    return (SSN_LOOSE if loose else SSN).sub(REFUSED_TEXT, text)


def mask_fields(text: str, delimiter: str, refused: list[int], expected: int) -> str:
    """Raw text without the fields in which a refused column may stand.

    A line with the wrong number of fields may have shifted them, by at most the difference in number.
    """
    fields = text.split(delimiter)
    shift = abs(len(fields) - expected)
    for position in refused:
        for index in range(max(position - shift, 0), min(position + shift, len(fields) - 1) + 1):
            fields[index] = REFUSED_TEXT
    return mask(delimiter.join(fields), loose=bool(refused))


def name_list(names: list[str], limit: int = 8) -> str:
    """Names for a message, cut after some."""
    return ", ".join(names[:limit]) + (f" and {len(names) - limit} more" if len(names) > limit else "")


def batched_lines(lines: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Join small pieces into blocks of about `size` bytes."""
    parts: list[bytes] = []
    length = 0
    for line in lines:
        parts.append(line)
        length += len(line)
        if length >= size:
            yield b"".join(parts)
            parts, length = [], 0
    if parts:
        yield b"".join(parts)
