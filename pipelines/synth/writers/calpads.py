"""CALPADS files and MiSiS daily attendance: facts to caret-separated records without header, and to home-made CSV.

Fields and their order come from the contract; a field that facts have nothing for stays empty. Files that replace a
year or a month carry it in their name, and only months of attendance in which something changed are sent again.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.synth.files import copy_rows, gzip_file
from pipelines.synth.plan import DeliveryPlan
from pipelines.synth.writers import DirtLog, SynthError, changed_rows, ended_rows, sent_rows
from pipelines.synth.writers.calpads_rows import TRANSACTIONS, YEARLY, Job, attendance, differing, final_marks, ymd

if TYPE_CHECKING:
    from pipelines.landing.contract import Contract, Feed


def write(con: duckdb.DuckDBPyConnection, contract: Contract, delivery: DeliveryPlan, out: Path, log: DirtLog) -> None:
    """Write the files of one delivery; see `pipelines.synth.writers.WriteDelivery`.

    Raises SynthError for a feed of the contract that has no writer here, duckdb.Error for a value that has no code.
    """
    job = Job(contract, delivery)
    _people(con, delivery)
    for feed in contract.files:
        if not delivery.holds(feed.provides):
            continue
        if feed.feed == "misis_attendance":
            # by far the largest files: gzipped, unless the whole delivery will be
            packed = "" if delivery.packed == "zip" else ".gz"
            for month in _months(con, delivery):
                _write(con, feed, attendance(job, month), out / (_name(feed, month) + packed))
        elif feed.feed in TRANSACTIONS:
            _write(con, feed, TRANSACTIONS[feed.feed](job, 0), out / _name(feed, ""))
        elif feed.feed in YEARLY:
            for year in delivery.school_years:
                path = out / _name(feed, str(year))
                _write(con, feed, YEARLY[feed.feed](job, year), path)
                if feed.feed == "scsc":
                    _append_broken(con, job, feed, year, path)
                if feed.feed == "stas":
                    log.add(delivery, "absence summary differs from daily rows", _count(con, differing(job, year)))
        else:
            raise SynthError(f"{contract.district}: no CALPADS file is known for feed '{feed.feed}'")


def _name(feed: Feed, scope: str) -> str:
    """The file name: the star of the pattern stands for the year or month."""
    return feed.pattern.replace("*", scope)


def _write(con: duckdb.DuckDBPyConnection, feed: Feed, rows: str, target: Path) -> None:
    path = target.with_suffix("") if target.suffix == ".gz" else target
    copy_rows(
        con,
        f"{_select(con, feed, rows)} order by all",
        path,
        delimiter=feed.delimiter,
        header=feed.header,
        quote=feed.quote,
        encoding=feed.encoding,
        # the large home-made files are plain; CALPADS asks for CR LF
        newline="\n" if feed.header else "\r\n",
    )
    if path != target:
        gzip_file(path, target)
        path.unlink()


def _select(con: duckdb.DuckDBPyConnection, feed: Feed, rows: str) -> str:
    """All fields of the feed in order: empty where `rows` does not give them, the record type is the feed's name."""
    given = {name.lower() for name, *_ in con.execute(f"describe {rows}").fetchall()}
    constants = {"record_type": f"'{feed.feed.upper()}'"}
    unknown = given - {name.lower() for name in feed.column_names}
    if unknown:
        raise SynthError(f"feed '{feed.feed}' has no column {', '.join(sorted(unknown))}")
    fields = ", ".join(
        f"nullif(({name if name.lower() in given else constants.get(name, 'null')})::varchar, '') as {name}"
        for name in feed.column_names
    )
    return f"select {fields} from ({rows})"


def _count(con: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(con.execute(f"select count(*) from ({query})").fetchall()[0][0])


def _people(con: duckdb.DuckDBPyConnection, delivery: DeliveryPlan) -> None:
    """Temp table calpads_person: what the head of a record says of a student, and the last school, as known now."""
    con.execute(
        f"""
        create or replace temp table calpads_person as
        select
            s.*,
            {ymd("s.birth_date", "s.birth_date_sent")} as birth_text,
            coalesce(s.ssid_sent, s.ssid) as ssid_text,
            e.school_code,
            e.school_year
        from {sent_rows("student", delivery)} as s
        left join (
            select local_student_id, max_by(school_code, (entry_date, school_code)) as school_code,
                   max(school_year) as school_year
            from facts.enrollment
            where district_code = '{delivery.district_code}' and known_from <= date '{delivery.date}'
            group by local_student_id
        ) as e using (local_student_id)
        """
    )


def _append_broken(con: duckdb.DuckDBPyConnection, job: Job, feed: Feed, year: int, path: Path) -> None:
    """Records with a field too many: they must end in the reject table."""
    rows = final_marks(job, year, "lost_reason = 'bad_row'")
    fields = ", ".join(f"coalesce({name}::varchar, '')" for name in feed.column_names)
    broken = _select(con, feed, rows)
    line = f"select concat_ws('{feed.delimiter}', {fields}, '?') as line from ({broken}) order by all"
    if _count(con, rows):
        copy_rows(
            con,
            line,
            path,
            delimiter="\x02",
            header=False,
            quote=None,
            encoding=feed.encoding,
            newline="\r\n",
            append=True,
        )


def _months(con: duckdb.DuckDBPyConnection, delivery: DeliveryPlan) -> list[str]:
    """Months (yyyymm) of attendance in which anything changed since the delivery before."""
    changed = " union all ".join(
        f"select calendar_date from {rows(entity, delivery)}"
        for entity in ("attendance_recorded", "attendance_event")
        for rows in (changed_rows, ended_rows)
    )
    found = con.execute(f"select distinct strftime(calendar_date, '%Y%m') from ({changed}) order by all").fetchall()
    return [month for (month,) in found]
