"""From a row's file id and line to the delivery and file that it came in, by the ledger (opened read-only)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pipelines.explain.released import Row

CHUNK = 500


class File(NamedTuple):
    """A file as it came in one delivery."""

    district: str
    delivery: str
    delivery_date: str
    path: str


class Origins:
    """Where rows came from: file ids looked up in the ledger at once."""

    def __init__(self, ledger: Path, file_ids: Iterable[str | None]) -> None:
        self._files: dict[str, list[File]] = {}
        self.is_readable = True
        wanted = sorted({file_id for file_id in file_ids if file_id})
        try:
            self._read(ledger, wanted)
        except sqlite3.Error:
            self.is_readable = False

    def _read(self, ledger: Path, wanted: list[str]) -> None:
        connection = sqlite3.connect(f"{ledger.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
        try:
            for first in range(0, len(wanted), CHUNK):
                part = wanted[first : first + CHUNK]
                for file_id, *file in connection.execute(
                    "select file_id, file.district, file.delivery, coalesce(delivery_date, ''), file.path "
                    "from file inner join delivery using (district, delivery) "
                    f"where file_id in ({', '.join('?' * len(part))}) order by 4, 3, 5",
                    part,
                ):
                    self._files.setdefault(file_id, []).append(File(*file))
        finally:
            connection.close()

    def words(self, row: Row) -> str:
        """`fresno 2026-06-20, grades.csv, line 12`: of equal files the one from which on it is known."""
        files = self._files.get(row["source_file_id"] or "", [])
        if not files:
            return f"file {row['source_file_id'] or 'unknown'}, line {row['source_row']}"
        known = str(row["known_from"])
        file = next((each for each in files if each.delivery_date == known), files[0])
        # in XML the reader counts records, not lines
        place = "record" if ".xml" in file.path.lower() else "line"
        return f"{file.district} {file.delivery}, {file.path}, {place} {row['source_row']}"
