"""What a site reads: tables of one tier in the warehouse, each by one set-based query, and no table of another tier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb

from pipelines.release.site.figures import Place, Variant, read_places, read_variants, stream
from pipelines.release.site.words import COVERAGE, HEADLINES

Row = dict[str, Any]
NETWORK = "collaborative"
GROUPS_OF_SERIES = (
    "group_code <> 'ALL' and not starts_with(group_code, 'NOT_') "
    "and not regexp_matches(s.measure_code, '^df_marks_(ela|math|science|social_science)_')"
)


@dataclass(frozen=True, slots=True)
class District:
    """A district of the collaborative."""

    code: str
    name: str
    file: str
    facts: Row

    @property
    def path(self) -> str:
        """Its page, from the top of the site."""
        return f"district/{self.file}.html"


@dataclass(frozen=True, slots=True)
class School:
    """A school with a page."""

    code: str
    name: str
    district_code: str
    school_type: str
    low_grade: str
    high_grade: str
    memberships: tuple[Row, ...]

    @property
    def path(self) -> str:
        """Its page, from the top of the site."""
        return f"school/{self.code}.html"


class Source:
    """One tier, as its pages see it. Small tables are read here; figures of schools pass by in one stream."""

    def __init__(self, con: duckdb.DuckDBPyConnection, tier: str, tables: set[str]) -> None:
        self._con = con
        self.tier = tier
        self.tables = tables
        self.rule_sets = self.rows("rule_set", "rule_set")
        self.rule_set: Row = next(row for row in self.rule_sets if row["is_default"])
        self.definitions: dict[str, Row] = {
            row["metric_code"]: row for row in self.rows("metric_definition", "metric_code")
        }
        self.groups = self.rows("student_group", "group_type, group_code")
        self.group_names: dict[str, str] = {row["group_code"]: row["group_name"] for row in self.groups}
        self.districts = [
            District(row["district_code"], row["district_name"], row["district"], row)
            for row in self.rows("dim_district", "district_name, district_code")
        ]
        self.measures: dict[str, str] = {
            row["measure_code"]: row["name"] for row in self.rows("series_measure", "measure_code")
        }
        self.variants: dict[str, Variant] = read_variants(con, tier, str(self.rule_set["rule_set"]))
        self.network: Place = dict(self.places(NETWORK)).get("CORE", Place({}))
        self.by_district = dict(self.places("district"))
        self.by_cohort = dict(self.places("btsc_cohort"))

    def rows(self, table: str, order: str, where: str = "true", *values: object) -> list[Row]:
        """Rows of a table of this tier; none where the tier has no such table."""
        if table not in self.tables:
            return []
        return self.query(f"select * from {self.tier}.{table} where {where} order by {order}", *values)

    def query(self, sql: str, *values: object) -> list[Row]:
        """Rows of a query as dicts."""
        cursor = self._con.cursor().execute(sql, list(values))
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def by_entity(self, table: str, key: str, order: str, where: str = "true") -> dict[str, list[Row]]:
        """Rows of a table by the place that they are of."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows(table, order, where):
            found[row[key]].append(row)
        return found

    def places(self, level: str) -> Iterator[tuple[str, Place]]:
        """Places of a level with their figures, in the order of their codes."""
        return read_places(self._con, self.tier, str(self.rule_set["rule_set"]), self.variants.values(), level)

    def headline_places(self, level: str) -> dict[str, Place]:
        """Places of a level with no more than their headline figures of all students."""
        chosen = [self.variants[code] for code in (*HEADLINES, COVERAGE) if code in self.variants]
        return dict(read_places(self._con, self.tier, str(self.rule_set["rule_set"]), chosen, level, by_group=False))

    def passing(
        self, table: str, key: str, order: str, where: str = "true", *values: object
    ) -> Iterator[tuple[str, list[Row]]]:
        """(place, rows) of a table in the order of the places' codes; none where the tier has no such table."""
        if table not in self.tables:
            return
        cursor = self._con.cursor().execute(
            f"select {key}, * from {self.tier}.{table} where {where} order by {key}, {order}", list(values)
        )
        yield from _grouped(cursor)

    def schools(self) -> list[School]:
        """Reporting schools, by code."""
        memberships: dict[str, list[Row]] = self.by_entity(
            "btsc_membership", "school_code", "school_code, network, cohort, start_year"
        )
        return [
            School(
                row["school_code"],
                row["school_name"],
                row["district_code"],
                row["school_type"],
                row["low_grade"],
                row["high_grade"],
                tuple(memberships.get(row["school_code"], ())),
            )
            for row in self.rows("dim_school", "school_code", "is_reporting")
        ]

    def by_entity_query(self, sql: str) -> dict[str, list[Row]]:
        """Rows of a query by its column `key`."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.query(sql):
            found[row.pop("key")].append(row)
        return found

    def changes(self, level: str) -> Iterator[tuple[str, list[Row]]]:
        """(place, rows of `metric_change` for all students) of a level."""
        return self.passing(
            "metric_change",
            "entity_code",
            "metric_code, cohort_year",
            "level = ? and group_code = 'ALL' and rule_set = ?",
            level,
            self.rule_set["rule_set"],
        )

    def gaps(self, level: str) -> Iterator[tuple[str, list[Row]]]:
        """(place, rows of `equity_gap`) of a level: headline metrics as pages show them, latest class of each."""
        where, values = self._headline_variants(latest=True)
        return self.passing(
            "equity_gap",
            "entity_code",
            "metric_code, group_type, group_code",
            f"level = ? and rule_set = ? and ({where})",
            level,
            self.rule_set["rule_set"],
            *values,
        )

    def at_variants(self, table: str, level: str, order: str) -> list[Row]:
        """Rows of a table of a level, for headline metrics as pages show them."""
        where, values = self._headline_variants()
        return self.rows(
            table, order, f"level = ? and rule_set = ? and ({where})", level, self.rule_set["rule_set"], *values
        )

    def series(self, level: str, of_groups: bool = False) -> Iterator[tuple[str, list[Row]]]:
        """(place, points) of a level by month and marking period, with words and better side.

        Of all students; `of_groups`: of each student group that is no mere complement of another, whole measures alone.
        """
        if not {"improvement_series", "series_measure"} <= self.tables:
            return
        which = GROUPS_OF_SERIES if of_groups else "group_code = 'ALL'"
        # the public tier has settled points alone, and no column for it
        settled = "" if self._has_column("improvement_series", "is_provisional") else "false as is_provisional,"
        cursor = self._con.cursor().execute(
            f"""
            select entity_code, s.*, {settled} measure.name, measure.definition, measure.counts, measure.period_kind,
                case
                    when s.value = s.center or s.value is null or s.center is null then null
                    when (s.value > s.center) = (measure.direction = 'higher_is_better') then 'better'
                    else 'worse'
                end as side
            from {self.tier}.improvement_series as s
            join {self.tier}.series_measure as measure on measure.measure_code = s.measure_code
            where level = ? and measure.period_kind <> 'annual' and {which}
            order by
                entity_code,
                case when period_kind = 'month' then 0 when starts_with(period_kind, 'progress') then 2 else 1 end,
                s.measure_code, group_type, group_code, period_start
            """,
            [level],
        )
        yield from _grouped(cursor)

    def _has_column(self, table: str, column: str) -> bool:
        return bool(
            self.query(
                "select 1 from duckdb_columns() where database_name = current_database() and schema_name = ? "
                "and table_name = ? and column_name = ?",
                self.tier,
                table,
                column,
            )
        )

    def _headline_variants(self, latest: bool = False) -> tuple[str, list[object]]:
        """Condition on metric_code, snapshot_code and basis (and cohort_year), with its values."""
        found, values = ["false"], list[object]()
        for variant in (self.variants[code] for code in HEADLINES if code in self.variants):
            found.append(
                "metric_code = ? and snapshot_code = ? and basis is not distinct from ?"
                + (" and cohort_year = ?" if latest else "")
            )
            values += [variant.metric_code, variant.snapshot_code, variant.basis]
            values += [variant.latest] if latest else []
        return " or ".join(found), values

    def name(self, metric: str) -> str:
        """What a metric is called."""
        definition = self.definitions.get(metric)
        return str(definition["name"]) if definition else metric

    def unit(self, metric: str) -> str:
        """The unit of a metric."""
        definition = self.definitions.get(metric)
        return str(definition["unit"]) if definition else "rate"

    def measure_name(self, measure: str) -> str:
        """What a measure of a focus area is called: a metric's or a series' name."""
        return self.measures.get(measure) or self.name(measure)

    def measure_unit(self, measure: str) -> str:
        """Its unit; every series is a share."""
        return "rate" if measure in self.measures else self.unit(measure)


def _grouped(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, list[Row]]]:
    """Rows by their first column, in the order in which they come."""
    names = [column[0] for column in cursor.description or []][1:]
    for code, rows in groupby(stream(cursor), key=itemgetter(0)):
        yield code, [dict(zip(names, row[1:], strict=True)) for row in rows]
