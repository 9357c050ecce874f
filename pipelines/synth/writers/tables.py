"""One table of a contract to one delimited file: columns and dialect of the contract, rows in the order of its key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.files import copy_rows

if TYPE_CHECKING:
    from pipelines.landing.contract import Feed


def write_table(con: duckdb.DuckDBPyConnection, feed: Feed, path: Path, rows: str, bad: str | None = None) -> None:
    """Write the query `rows`, which yields the feed's columns by name; its rows are ordered by all of them.

    `bad`: rows that the reader must reject; they follow at the end, with a column too many.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f'{column.name} as "{column.sent_as}"' for column in feed.columns)
    order = ", ".join(dict.fromkeys([*feed.key, *feed.column_names]))
    sent = f"select {columns} from ({rows}) order by {order}"
    copy_rows(
        con,
        sent,
        path,
        delimiter=feed.delimiter,
        header=feed.header,
        quote=feed.quote,
        encoding=feed.encoding,
    )
    if bad is not None:
        copy_rows(
            con,
            f"select {columns}, 'x' as one_too_many from ({bad}) order by {order}",
            path,
            delimiter=feed.delimiter,
            header=False,
            quote=feed.quote,
            encoding=feed.encoding,
            append=True,
        )
