"""Which row of an `upsert` feed was in force when: the later row of a key wins, a delete ends it.

Rows whose key came once need no thought and no window: they are in force from their delivery on. Only for keys that
came more than once (or were deleted) intervals are computed, over keys alone, into a table that the view joins.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.landing.contract import Feed
from pipelines.landing.readers.base import FileRead
from pipelines.landing.readers.rawfile import ident, raw_path, text

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Occurrence:
    """A content as one delivery sent it. `position` orders deliveries, and deletes before rows within one."""

    file_id: str
    delivery: str
    known_from: dt.date
    position: int
    path: str


@dataclass(frozen=True)
class UpsertFeed:
    """An upsert feed of one district: what was sent, what was deleted, where the rows lie."""

    district: str
    feed: Feed
    deletes: Feed | None
    sent: list[Occurrence]
    gone: list[Occurrence]
    raw: Path
    contents: dict[str, FileRead]


def in_force(feed: Feed, alias: str) -> str:
    """SQL: a row does not say that its key is gone."""
    if feed.delete_when is None:
        return "true"
    values = ", ".join(map(text, feed.delete_when.values))
    return f"coalesce({alias}.{ident(feed.delete_when.column)} not in ({values}), true)"


def without_repeats(wanted: UpsertFeed) -> UpsertFeed:
    """Leave out deliveries that sent the same contents as the one before: nothing came between."""
    by_position: dict[int, set[str]] = {}
    for occurrence in [*wanted.sent, *wanted.gone]:
        by_position.setdefault(occurrence.position // 2, set()).add(occurrence.file_id)
    kept: set[int] = set()
    last: set[str] = set()
    for number, file_ids in sorted(by_position.items()):
        if file_ids != last:
            kept.add(number)
        last = file_ids
    return UpsertFeed(
        wanted.district, wanted.feed, wanted.deletes,
        [o for o in wanted.sent if o.position // 2 in kept], [o for o in wanted.gone if o.position // 2 in kept],
        wanted.raw, wanted.contents,
    )  # fmt: skip


def is_plain(wanted: UpsertFeed) -> bool:
    """One content, each key once, nothing deleted: no key has a second version."""
    return (
        len(wanted.sent) <= 1
        and not wanted.gone
        and wanted.feed.delete_when is None
        and not any(wanted.contents[o.file_id].duplicate_keys for o in wanted.sent)
    )


def force_upsert(con: duckdb.DuckDBPyConnection, wanted: UpsertFeed) -> str | None:
    """Make the table of rows whose key came more than once, and return its name; None where no key did.

    The table has (_file_id, _row, _delivery, _known_from, _known_to, _is_versioned); `_known_from` is NULL for a row
    that was never in force.
    """
    if is_plain(wanted) or not wanted.sent:
        return None
    name = ident(f"row_force__{wanted.district}__{wanted.feed.feed}")
    width = len(wanted.feed.key)
    keys = ", ".join(f"k{i}" for i in range(width))
    parts = [_keys(wanted.feed, wanted.sent, wanted, f"not {in_force(wanted.feed, 'p')}")]
    if wanted.deletes is not None and wanted.gone:
        parts.append(_keys(wanted.deletes, wanted.gone, wanted, "true"))
    occurrences = [*wanted.sent, *wanted.gone]
    con.execute(
        "create or replace temp table sent (_file_id varchar, _delivery varchar, _known_from date, position int, "
        "path varchar)"
    )
    for o in occurrences:
        con.execute(
            "insert into sent values (?, ?, ?, ?, ?)", [o.file_id, o.delivery, o.known_from, o.position, o.path]
        )
    con.execute(f"create or replace temp view keys as {' union all '.join(parts)}")
    # By hash first: the rows of keys that came once are most, and need not be sorted
    con.execute(
        f"create or replace temp table multi as select hash({keys}) as h from keys join sent using (_file_id) "
        "group by 1 having count(*) > 1 or bool_or(is_gone)"
    )
    con.execute(
        f"""
        create table raw.{name} as
        with versions as (
            select {keys}, k._file_id, k._row, k.is_gone, s._delivery, s._known_from, s.position, s.path
            from keys k join sent s using (_file_id)
            where hash({keys}) in (select h from multi)
            window w as (partition by {keys} order by s.position, s.path, k._row)
            qualify (lag(k._file_id) over w, lag(k._row) over w) is distinct from (k._file_id, k._row)
        ),
        spans as (
            select
                *,
                min(_known_from) over (
                    partition by {keys} order by position, path, _row rows between 1 following and unbounded following
                ) as ended,
                count(*) over (partition by {keys}) as n
            from versions
        )
        select
            _file_id,
            _row,
            _delivery,
            case when ended is null or ended > _known_from then _known_from end as _known_from,
            ended as _known_to,
            n > 1 as _is_versioned
        from spans
        where not is_gone
        union all
        select _file_id, _row, null, null, null, null from keys where is_gone
        """
    )
    for table in ("sent", "multi"):
        con.execute(f"drop table {table}")
    con.execute("drop view keys")
    ((rows,),) = con.execute(f"select count(*) from raw.{name}").fetchall()
    if rows:
        return f"raw.{name}"
    con.execute(f"drop table raw.{name}")
    return None


def _keys(feed: Feed, occurrences: list[Occurrence], wanted: UpsertFeed, is_gone: str) -> str:
    """Keys of the rows of a feed, positionally named."""
    paths = sorted({str(raw_path(wanted.raw, wanted.district, feed.feed, o.file_id)) for o in occurrences})
    listed = "[" + ", ".join(map(text, paths)) + "]"
    keys = ", ".join(f"{ident(name)} as k{i}" for i, name in enumerate(feed.key))
    return f"select {keys}, _file_id, _row, {is_gone} as is_gone from read_parquet({listed}, union_by_name = true) p"
