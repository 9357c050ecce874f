"""Figures written by hand where on_track's stand in a run, and the models of schema privacy computed on them by dbt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from tests.dbt_project.on_track.warehouse import SmallWarehouse

ON_TRACK = {
    "metric_figure": "metric_code varchar, school_year integer, cohort_year integer, snapshot_code varchar, basis varchar, level varchar, "
    "entity_code varchar, entity_name varchar, group_type varchar, group_code varchar, rule_set varchar, numerator bigint, denominator bigint, "
    "value double, ci_low double, ci_high double, display varchar, is_provisional boolean, warning varchar, n_family varchar",
    "snapshot_status": "cohort_year integer, snapshot_code varchar, cohort_vantage varchar",
    "metric_cell": "level varchar, entity_code varchar, parent_code varchar",
    "suppression_cell": "cell_id bigint, n_family varchar, cohort_year integer, snapshot_code varchar, basis varchar, rule_set varchar, "
    "level varchar, entity_code varchar, group_type varchar, group_code varchar",
    "metric_hidden": "cell_id bigint",
    "btsc_school": "school_code varchar, network varchar, cohort varchar, entity_code varchar, entity_name varchar",
}
OFFSET = {"G8_EOY": -1, "G9_T1": 0, "G9_EOY": 0, "G10_EOY": 1}
#: seeds that these models read
SEEDS: tuple[str, ...] = (
    "public_scope", "public_period", "rate_coding", "group_partition", "group_within", "count_sum", "metric_definition",
    "rule_set", "snapshot_definition",
)  # fmt: skip
#: models of a night
MODELS = ("privacy", "public__metric", "partner__restatement")


@dataclass(frozen=True)
class Count:
    """Students behind a figure, `numerator` with the outcome; `entity` is a level and a code."""

    entity: tuple[str, str]
    n: int
    numerator: int | None = None
    metric: str = "mean_gpa"
    cohort: int = 2025
    snapshot: str = "G9_EOY"
    group: tuple[str, str] = ("all", "ALL")


class PublicWorld(SmallWarehouse):
    """Seeds once, then as many nights as wanted on one home: figures in, public.metric out."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.con.execute("create schema on_track")
        for table, columns in ON_TRACK.items():
            self.con.execute(f"create table on_track.{table} ({columns})")
        self.build(*SEEDS)
        # all metrics and groups are spoken of at all levels here, whatever the public tier speaks of today
        self.con.execute("update seeds.public_scope set all_from = 'school', groups_from = 'school'")
        self.con.execute("update seeds.public_period set lowest_level = 'school'")

    def parents(self, parents: dict[tuple[str, str], str | None]) -> None:
        """What each entity is part of."""
        self.insert(
            "on_track.metric_cell",
            [{"level": level, "entity_code": code, "parent_code": parent} for (level, code), parent in parents.items()],
        )

    def figures(self, counts: list[Count]) -> None:
        """The settled figures of a night, in place of those of the one before."""
        self.con.execute("delete from on_track.metric_figure")
        for each in counts:
            shown = each.n if each.numerator is None else each.numerator
            self.insert(
                "on_track.metric_figure",
                [
                    {
                        "metric_code": each.metric,
                        "school_year": each.cohort + OFFSET[each.snapshot],
                        "cohort_year": each.cohort,
                        "snapshot_code": each.snapshot,
                        "level": each.entity[0],
                        "entity_code": each.entity[1],
                        "entity_name": each.entity[1],
                        "group_type": each.group[0],
                        "group_code": each.group[1],
                        "rule_set": "core5_v1",
                        "numerator": each.numerator,
                        "denominator": each.n,
                        "value": shown / each.n,
                        "display": "shown",
                        "is_provisional": False,
                        "n_family": "n",
                    }
                ],
            )

    def night(self) -> None:
        """Models of schema privacy and table metric of the public tier."""
        self.build(*MODELS)

    def build(self, *selection: str) -> None:
        """As for any small warehouse; tests of the project are asked of the sample."""
        super().build(*selection, "--exclude-resource-type", "test", "unit_test")

    def hidden(self, where: str = "true") -> set[tuple[object, ...]]:
        """(cohort_year, entity_code, group_code) of hidden figures."""
        return set(
            self.con.execute(
                f"select cohort_year, entity_code, group_code from public.metric where suppression = 'suppressed' and {where}"
            ).fetchall()
        )


def copy_of(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """public.metric alone, as the public database of a release."""
    path.parent.mkdir(parents=True)
    con.execute(f"attach '{path}' as release")
    con.execute("create table release.metric as from public.metric")
    con.execute("detach release")
