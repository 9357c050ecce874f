"""A reader of the PostgreSQL target as docs/bi.md asks for; a module of its own, since each of its processes import it."""

from __future__ import annotations

from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event

import psycopg

from tests.support.reader import STAMPED, Lap, MixedReadError, repeat

SCHEMA = {"public": "core_public", "partner": "core_partner"}


def read_postgres(dsn: str) -> str:
    """A reader as docs/bi.md asks for: `release` first, then tables of both tiers in the same transaction."""
    with psycopg.connect(dsn) as con:
        ids = {con.execute(f"select release_id from {schema}.release").fetchone()[0] for schema in SCHEMA.values()}
        stamps = {
            int(value)
            for tier, schema in SCHEMA.items()
            for table, column in STAMPED[tier].items()
            for (value,) in con.execute(f"select distinct {column} from {schema}.{table}").fetchall()
        }
        stamps |= {
            int(row[0]) for row in con.execute(f"select code_version from {SCHEMA['public']}.release").fetchall()
        }
    if len(ids) != 1 or len(stamps) != 1:
        raise MixedReadError(f"{ids} {stamps}")
    return ids.pop()


def read_postgres_until(stop: Event, laps: Queue[Lap], number: int, dsn: str) -> None:
    """The loop of a reader's process."""
    repeat(stop, laps, number, lambda: read_postgres(dsn))
