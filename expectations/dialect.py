"""Great Expectations on DuckDB: one small, removable module (great_expectations#10738, #12084).

GX reads a result after its connection went back to the pool, and the rollback there drops what DuckDB had not handed
over yet. So each result is buffered as it is executed. The connection is one that the caller has open: the file has
one writer, and no second connection with other settings. Nothing here knows a table.
"""

from __future__ import annotations

from typing import Any

import duckdb
import duckdb_engine
from sqlalchemy.dialects import registry
from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.pool import StaticPool

URL = "coreduckdb:///shared"
_shared: list[duckdb.DuckDBPyConnection] = []


class BufferedContext(DefaultExecutionContext):
    """Takes every row of a result while the cursor is still its own."""

    def post_exec(self) -> None:
        """Buffer the rows of a statement that has any."""
        if self.cursor.description:
            self.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(
                self.cursor, initial_buffer=self.cursor.fetchall()
            )


class SharedDuckDB(duckdb_engine.Dialect):
    """duckdb-engine's dialect with buffered results, on the connection given to `share`."""

    execution_ctx_cls = BufferedContext  # type: ignore[assignment]
    supports_statement_cache = False

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        """A cursor on the shared connection: a new one, so that closing it closes nothing else."""
        return duckdb_engine.ConnectionWrapper(_shared[-1].cursor())

    @classmethod
    def get_pool_class(cls, url: Any) -> type[StaticPool]:
        """One connection for a whole validation."""
        return StaticPool


registry.register("coreduckdb", __name__, "SharedDuckDB")


def share(con: duckdb.DuckDBPyConnection) -> None:
    """Let GX use this connection from now on."""
    _shared[:] = [con]
