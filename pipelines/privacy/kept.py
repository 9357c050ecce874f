"""What kept releases show of counts beyond the release that is being made: somebody may have read them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from pipelines.privacy.system import Ints

RestatementKey = tuple[str, str, int, str]
#: figure of public.metric, beside privacy.public_primary as `figure`
SAME_FIGURE = " and ".join(
    f"shown.{key} is not distinct from {f'nullif(figure.{key}, {chr(39) * 2})' if key == 'basis' else f'figure.{key}'}"
    for key in "metric_code cohort_year snapshot_code basis level entity_code group_type group_code".split()
)


@dataclass(frozen=True)
class KeptRelease:
    """A release that stands in the home: its public database, and which restatements it knew.

    A restatement is told by district, window, school year and the day as of which it is known.
    """

    release_id: str
    database: Path
    restatements: frozenset[RestatementKey]


@dataclass(frozen=True)
class Told:
    """Counts that a kept release tells beyond today's (restatement_id 0) or a version before a restatement.

    `changed`: shown counts that are others today, though nothing that was restated since explains it.
    """

    release_id: str
    restatement_id: Ints
    count_id: Ints
    low: Ints
    high: Ints
    changed: int


def told_by(con: duckdb.DuckDBPyConnection, kept: Sequence[KeptRelease]) -> list[Told]:
    """What each of them tells beyond the warehouse behind `con`.

    Raises ValueError if a release cannot be read.
    """
    if not kept:
        return []
    made = con.execute(
        """select restatement.restatement_id, district.district, restatement.window_code, restatement.school_year,
            restatement.known_on::varchar
        from raw.restatement as restatement inner join raw.district as district using (district_code)
        order by restatement_id"""
    ).fetchall()
    numbers: dict[RestatementKey, int] = {(row[1], row[2], row[3], row[4]): row[0] for row in made}
    return [_told(con, each, [numbers[key] for key in numbers.keys() - each.restatements]) for each in kept]


def _told(con: duckdb.DuckDBPyConnection, release: KeptRelease, unknown: list[int]) -> Told:
    with _attached(con, release):
        # the version of a block that a release shows: that before the first restatement of it that came later
        con.execute(
            """create or replace temp table _shown as
            with versions as (
                select cohort_year, snapshot_code, min(restatement_id) as restatement_id
                from privacy.restated_count where list_contains(?, restatement_id) group by all
            ),
            figures as (
                select shown.numerator, shown.denominator, shown.suppression, figure.numerator_id,
                    figure.denominator_id, figure.without_id, coalesce(versions.restatement_id, 0) as restatement_id,
                    -- a bound says so many percent of the denominator: of those with the outcome, or of the others
                    shown.display like '<=%' as is_low,
                    try_cast(regexp_extract(shown.display, '[0-9]+') as bigint) as percent
                from kept_release.main.metric as shown
                inner join privacy.public_primary as figure on """
            + SAME_FIGURE
            + """ left join versions
                    on versions.cohort_year = figure.cohort_year and versions.snapshot_code = figure.snapshot_code
                where shown.suppression <> 'suppressed'
            )
            select restatement_id, unnest([
                struct_pack(today_id := denominator_id, low := denominator, high := denominator),
                struct_pack(
                    today_id := case when suppression = 'none' then numerator_id end,
                    low := numerator, high := numerator),
                struct_pack(
                    today_id := case when suppression = 'none' then without_id end,
                    low := denominator - numerator, high := denominator - numerator),
                struct_pack(
                    today_id := case
                        when suppression <> 'coded' then null when is_low then numerator_id else without_id
                    end,
                    low := 0::bigint,
                    high := ((case when is_low then percent else 100 - percent end) * denominator) // 100)
            ], recursive := true) from figures""",
            [unknown],
        )
        con.execute(
            """create or replace temp table _told as
            select shown.restatement_id, coalesce(earlier.count_id, today.count_id) as count_id,
                shown.low, shown.high, coalesce(earlier.n, today.n) as n,
                coalesce(earlier.low, today.low) as known_low,
                case when earlier.count_id is null then today.high else earlier.high end as known_high
            from _shown as shown
            inner join privacy.public_known as today on today.count_id = shown.today_id
            left join privacy.restated_count as earlier
                on earlier.restatement_id = shown.restatement_id and earlier.today_id = shown.today_id
            where shown.high is not null"""
        )
        changed = con.execute("select count(distinct count_id) from _told where n not between low and high").fetchall()
        rows = con.execute(
            """select restatement_id, count_id, max(low), min(high) from _told
            where n between low and high and (low > known_low or high < coalesce(known_high, high + 1))
            group by restatement_id, count_id order by all"""
        ).fetchall()
        con.execute("drop table _shown; drop table _told")
    number, count, low, high = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Told(release.release_id, number, count, low, high, changed[0][0])


@contextmanager
def _attached(con: duckdb.DuckDBPyConnection, release: KeptRelease) -> Iterator[None]:
    path = str(release.database).replace("'", "''")
    try:
        con.execute(f"attach '{path}' as kept_release (read_only)")
    except duckdb.Error as error:
        raise ValueError(
            f"release {release.release_id} cannot be read, so what it shows beside this one is not known: take it from "
            "a backup, or core withdraw it"
        ) from error
    try:
        yield
    finally:
        con.execute("detach kept_release")
