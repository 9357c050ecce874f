"""Aeries districts: facts to three-letter tables, one folder a school year and the people's tables at the top.

What differs between districts comes from the contract: the columns of each feed (ATT.DY or ATT.DT, LOC.CDS or its
parts, DEL), code maps (read backwards) and these quirks by id: `bom`, `crlf`, `dates_m_d_y`, `dates_with_time`,
`excel_zero`, `soft_delete`. The contracts say where the layouts come from. Absence codes are local to a school.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.files import copy_rows
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import DirtLog, SynthError
from pipelines.synth.writers.aeries_tables import TABLES, Database, history

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract, Feed

# What a deleted row says that would do harm if it were read. The first and every 50th row of these feeds have a twin.
DELETED = {"enr": "ED as LD, 'N470' as ER", "his": "'F' as MK, '0' as CC", "att": "'U' as AL", "pgm": "PSD as PED"}


def write(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, out: Path, log: DirtLog) -> None:
    """Write the files of one delivery; see `pipelines.synth.writers.WriteDelivery`.

    Raises SynthError where the contract has a feed that no Aeries table is known for, and duckdb.Error where a fact has
    a value that the contract's code maps cannot express.
    """
    for feed in contract.files:
        if feed.feed not in TABLES:
            raise SynthError(f"{contract.district}: no Aeries table is known for feed '{feed.feed}'")
        if not delivery.holds(feed.provides):
            continue
        years: tuple[int | None, ...] = delivery.school_years if feed.pattern.startswith("*/") else (None,)
        for year in years:
            folder = out if year is None else out / f"{year - 1}-{year}"
            folder.mkdir(exist_ok=True)
            _write_table(con, Database(contract, delivery, year), feed, folder / Path(feed.pattern).name, log)


def _write_table(con: duckdb.DuckDBPyConnection, db: Database, feed: Feed, path: Path, log: DirtLog) -> None:
    rows = f"select * from ({TABLES[feed.feed](db)})"
    columns = ", ".join(f'"{column.name}" as "{column.sent_as}"' for column in feed.columns)
    if "DEL" in feed.column_names:
        rows = _with_deleted(rows, feed, "soft_delete" in db.quirks)
        if feed.feed in DELETED:
            log.add(db.delivery, "deleted row", _count(con, f"{rows} where DEL = 'True'"))
    _copy(con, db, feed, f"select {columns} from ({rows}) order by all", path)
    if feed.feed == "loc" and "CDS" in feed.column_names:
        log.add(db.delivery, "zero eaten from CDS", _count(con, f"{rows} where length(CDS) < 14"))
    if feed.feed == "his":
        broken = f"select *, 'False' as DEL from ({history(db, broken=True)})"
        extra = f"select {columns}, '?' as surplus from ({broken}) order by all"
        if _count(con, broken):
            _copy(con, db, feed, extra, path, append=True)


def _copy(
    con: duckdb.DuckDBPyConnection, db: Database, feed: Feed, query: str, path: Path, *, append: bool = False
) -> None:
    copy_rows(
        con,
        query,
        path,
        delimiter=feed.delimiter,
        header=feed.header and not append,
        quote=feed.quote,
        encoding=feed.encoding,
        bom="bom" in db.quirks,
        newline="\r\n" if "crlf" in db.quirks else "\n",
        append=append,
    )


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(f"select count(*) from ({query})").fetchall()[0][0])


def _with_deleted(rows: str, feed: Feed, is_kept: bool) -> str:
    """Rows with DEL, and twins that were deleted and are still in the file."""
    kept = f"select *, 'False' as DEL from ({rows})"
    if not is_kept or feed.feed not in DELETED:
        return kept
    key = " || '|' || ".join(f"coalesce(cast({column} as varchar), '')" for column in feed.key)
    twins = f"""
        select * replace ({DELETED[feed.feed]}), 'True' as DEL from ({rows})
        where md5_number_lower({key}) % 50 = 0 or {key} = (select min({key}) from ({rows}))"""
    return f"select * from ({kept} union all {twins})"
