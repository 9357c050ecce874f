"""A reader as docs/bi.md asks for: resolve the link once, then open. It proves that all it read is of one release."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

import duckdb

from pipelines.release.content import content_hash

# Where `stamp` leaves the number of the release, and a reader finds it: a table a tier, and Parquet.
STAMPED = {
    "public": {"metric": "numerator", "data_quality": "n", "delivery_status": "n_rows"},
    "partner": {"metric": "numerator", "data_quality": "n", "lane_validity": "n"},
    "restricted": {"course_mark": "credits_earned", "attendance_term": "days_expected"},
}
TIERS = ("public", "partner", "restricted/north")
# between two readings, so that eight readers leave the writer some of two processors
BREATH_S = 0.25


class Lap(NamedTuple):
    """One reading: which release, and when (on the clock that all processes share)."""

    reader: int
    release_id: str
    began: float
    ended: float


class MixedReadError(AssertionError):
    """What one reader read is of more than one release."""


def stamp(con: duckdb.DuckDBPyConnection, number: int) -> None:
    """Put the number of the release into tables of every tier of a small warehouse."""
    for schema, tables in STAMPED.items():
        for table, column in tables.items():
            con.execute(f"update {schema}.{table} set {column} = ?", [number])


def read(release: Path) -> str:
    """Read manifest, tables and Parquet below one folder; returns the release's id. Raises MixedReadError."""
    manifest = json.loads((release / "manifest.json").read_text())
    found = {"manifest": {int(manifest["code_version"])}}
    for tier in TIERS:
        tables = manifest["tables"][tier]
        stamps = STAMPED[tier.split("/")[0]]
        con = duckdb.connect(str(release / tier / "core.duckdb"), read_only=True, config={"threads": 1})
        in_parquet = {table: f"read_parquet('{release / tier / 'parquet' / table}.parquet')" for table in stamps}
        numbers = " union all ".join(
            f"select '{table}' as origin, {column} as number from {relation}"
            for table, column in stamps.items()
            for relation in (table, in_parquet[table])
        )
        for table, number in con.execute(numbers).fetchall():
            found.setdefault(f"{tier}.{table}", set()).add(int(number))
        whole = min(stamps)
        columns = [row[0] for row in con.execute(f"describe {whole}").fetchall()]
        rows, digest = content_hash(con, in_parquet[whole], columns)
        if {"rows": rows, "content_hash": digest} != tables[whole]:
            raise MixedReadError(f"{tier}.{whole} is not what the manifest of {manifest['release_id']} says")
        con.close()
    if len(set.union(*found.values())) != 1:
        raise MixedReadError(f"{manifest['release_id']}: {found}")
    return str(manifest["release_id"])


def read_until(stop: Event, laps: Queue[Lap], number: int, published: Path) -> None:
    """The loop of a reader's process: whatever `current` is, again and again, until told to stop."""
    repeat(stop, laps, number, lambda: read((published / "current").resolve()))


def repeat(stop: Event, laps: Queue[Lap], number: int, once: Callable[[], str]) -> None:
    """Call `once` until told to stop and report each lap; an error ends the process with its stack of calls."""
    while not stop.wait(BREATH_S):
        began = time.monotonic()
        laps.put(Lap(number, once(), began, time.monotonic()))
