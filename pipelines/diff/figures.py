"""Figures of two releases under one rule set, cell by cell. What either release hides is counted and never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb

from pipelines.release.tiers import quoted

GRAIN = (
    "metric_code", "cohort_year", "snapshot_code", "basis", "level", "entity_code", "group_type", "group_code",
)  # fmt: skip
SHOWN = ("entity_name", "numerator", "denominator", "value", "display", "is_provisional", "suppression")


@dataclass(frozen=True)
class Figure:
    """A figure that both releases show, with another value or other counts."""

    metric_code: str
    level: str
    entity_code: str
    entity_name: str
    cohort_year: int
    snapshot_code: str
    basis: str | None
    group: str
    before: str
    after: str
    difference: float | None


@dataclass(frozen=True)
class MetricChange:
    """A metric at one level: how many figures are what, and the one that moved most."""

    metric_code: str
    level: str
    same: int
    changed: int
    new: int
    gone: int
    now_shown: int
    now_hidden: int
    hidden: int
    settled: int
    why: list[str]
    largest: Figure | None


class Figures:
    """The comparison, made once as a table in the connection's own memory."""

    def __init__(self, con: duckdb.DuckDBPyConnection, rule_set: str) -> None:
        self._con = con
        sides = ", ".join(
            f"{side} as (select {', '.join(GRAIN)}, coalesce(basis, '') as start, {', '.join(SHOWN)}, "
            f"suppression <> 'suppressed' as is_shown from {side}.main.metric where rule_set = '{quoted(rule_set)}')"
            for side in ("a", "b")
        )
        same_cell = " and ".join(
            f"a.{'start' if column == 'basis' else column} = b.{'start' if column == 'basis' else column}"
            for column in GRAIN
        )
        grain = ", ".join(f"coalesce(b.{column}, a.{column}) as {column}" for column in GRAIN)
        con.execute(
            f"""
            create or replace temp table figure as
            with {sides}
            select
                {grain},
                coalesce(b.entity_name, a.entity_name) as entity_name,
                case
                    when a.metric_code is null then 'new'
                    when b.metric_code is null then 'gone'
                    when not a.is_shown and not b.is_shown then 'hidden'
                    when not a.is_shown then 'now_shown'
                    when not b.is_shown then 'now_hidden'
                    when (a.value, a.numerator, a.denominator, a.display)
                        is distinct from (b.value, b.numerator, b.denominator, b.display)
                        then 'changed'
                    else 'same'
                end as state,
                coalesce(a.is_provisional and not b.is_provisional, false) as is_settled,
                case when state = 'changed' then b.value - a.value end as difference,
                case when state = 'changed' then {_told("a")} end as before,
                case when state = 'changed' then {_told("b")} end as after
            from a
            full join b on {same_cell}
            """
        )

    def metrics(self) -> list[dict[str, Any]]:
        """Counts by metric and level, as rows."""
        states = ("same", "changed", "new", "gone", "now_shown", "now_hidden", "hidden")
        counts = ", ".join(f"count(*) filter (state = '{state}') as {state}" for state in states)
        return _rows(
            self._con.execute(
                f"select metric_code, level, {counts}, count(*) filter (is_settled) as settled from figure "
                "group by all order by metric_code, level"
            )
        )

    def largest(self, limit: int, per_metric: bool = False) -> list[Figure]:
        """The changed figures that moved most, of all or of each metric and level."""
        within = "partition by metric_code, level" if per_metric else ""
        order = f"abs(difference) desc nulls last, {', '.join(GRAIN)}"
        found = self._con.execute(
            "select metric_code, level, entity_code, entity_name, cohort_year, snapshot_code, basis, "
            "group_type || '/' || group_code as \"group\", before, after, difference "
            "from figure where state = 'changed' "
            f"qualify row_number() over ({within} order by {order}) <= ? order by {order}",
            [limit],
        )
        return [Figure(**row) for row in _rows(found)]

    def by_district(self) -> dict[str, int]:
        """Changed figures of each district and its schools, by district code."""
        rows = self._con.execute(
            "select left(entity_code, 7) as district_code, count(*) from figure "
            "where level in ('district', 'school') and state = 'changed' group by all order by all"
        ).fetchall()
        return dict(rows)


def _told(side: str) -> str:
    """SQL: a figure with what it was counted from."""
    n, numerator = f"{side}.denominator", f"{side}.numerator"
    return (
        f"{side}.display || case when {n} is null then '' when {numerator} is null then ' (n ' || {n} || ')' "
        f"else ' (' || {numerator} || ' of ' || {n} || ')' end"
    )


def _rows(found: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    columns = [column[0] for column in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
