"""Tables of schema `raw` about restatements: what was decided, and the counts behind public figures before that."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines.errors import CannotRunError
from pipelines.landing.contract import Contract
from pipelines.landing.ledger import Ledger
from pipelines.landing.readers.rawfile import text
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

#: columns of the kept files, beside the number of the restatement
COUNT = (
    "count_id bigint, count_code varchar, cohort_year integer, snapshot_code varchar, basis varchar, level varchar, "
    "entity_code varchar, group_type varchar, group_code varchar, n bigint, low bigint, high bigint"
)
TERM = "equation_id bigint, unknown_id bigint, n bigint, coefficient integer"
KEPT = {"restated_count": ("counts.parquet", COUNT), "restated_term": ("terms.parquet", TERM)}
TABLES = {
    "restatement": "restatement_id integer, district_code varchar, snapshot_code varchar, window_code varchar, "
    "school_year integer, known_on date, decided_on date, reason varchar, counts varchar",
    **{table: f"restatement_id integer, {columns}" for table, (_, columns) in KEPT.items()},
}


def names(columns: str) -> str:
    """The names alone, of columns with their types."""
    return ", ".join(column.strip().split(" ")[0] for column in columns.split(","))


def restated_tables(
    con: duckdb.DuckDBPyConnection, settings: Settings, contracts: dict[str, Contract], ledger: Ledger, as_of: dt.date
) -> None:
    """Restatements decided by as-of, numbered in their order, and what was kept with each.

    Raises CannotRunError if the counts kept with one are gone: what it may show cannot be told without them.
    """
    for table, columns in TABLES.items():
        con.execute(f"create table raw.{table} ({columns})")
    made = [row for row in ledger.restatements(as_of) if row.district in contracts]
    for number, row in enumerate(made, start=1):
        code = contracts[row.district].district_code
        con.execute(
            "insert into raw.restatement values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number, code, row.snapshot_code, row.window_code, row.school_year, row.known_on, row.decided_on,
                row.reason, row.counts,
            ],
        )  # fmt: skip
        folder = settings.restated / row.counts
        for table, (name, columns) in KEPT.items():
            if not (folder / name).is_file():
                raise CannotRunError(
                    f"the counts kept with the restatement of {row} are gone: take {folder} from a backup"
                )
            kept = f"read_parquet({text(str(folder / name))})"
            con.execute(f"insert into raw.{table} select {number}, {names(columns)} from {kept}")
