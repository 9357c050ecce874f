"""Dagster's run history in SQLite, with connections that are kept.

Dagster's own class makes an engine, a connection and a compiled statement for each of the two thousand events of a run,
and takes longer over the planned events of five hundred assets than the assets need to read a district.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import create_db_conn_string
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import Connection

BUSY_SECONDS = 20


class History(SqliteEventLogStorage):
    """SqliteEventLogStorage, same files and tables; one engine for each file while the process lives."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: dict[str, Engine] = {}
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Mapping[str, Any]) -> History:
        """From dagster.yaml; the parent's would make the parent."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        """A transaction on one file (a run's, or the index over runs)."""
        with self._db_lock:
            engine = self._engines.get(shard)
            if engine is None:
                # the last few runs that the UI looks at, not every run that ever was
                while len(self._engines) >= 8:
                    self._engines.pop(next(iter(self._engines))).dispose()
                engine = create_engine(
                    create_db_conn_string(self._base_dir, shard), connect_args={"timeout": BUSY_SECONDS}
                )
                if shard not in self._initialized_dbs:
                    self._initdb(engine)
                    self._initialized_dbs.add(shard)
                self._engines[shard] = engine
            with engine.connect() as connection, connection.begin():
                yield connection

    def dispose(self) -> None:
        """Close the files."""
        with self._db_lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()
        super().dispose()
