"""Suites of the open tiers: what may be seen outside a district, and that it says what it should. Blocking."""

from __future__ import annotations

from expectations.contract import DIMENSION_GRAIN, METRIC_GRAIN, METRIC_TYPES, PARTNER_GRAIN, STUDENT_COLUMNS, VALUES
from expectations.published.improvement import improvement_rules
from expectations.published.quality import quality_rules
from expectations.published.series import series_rules
from expectations.published.sums import sum_rules
from expectations.published.suppression import suppression_rules
from expectations.suite import Rule, accepted, never, refers, unique

TIERS = ("partner", "public")
LOOK = "the metric models and the seeds disagree: look at metric_definition, student_group and the dimensions"
PRIVACY = "nothing may be published: a column that identifies a student reached an open tier"


def rules() -> list[Rule]:
    """Every rule of the partner and public tiers (schemas of the same name in the warehouse)."""
    found: list[Rule] = []
    for tier in TIERS:
        metric = f"{tier}.metric"
        found.append(unique(metric, METRIC_GRAIN))
        found += [
            accepted(metric, column, VALUES[column], LOOK)
            for column in ("snapshot_code", "basis", "level", "suppression")
        ]
        found.append(refers(metric, "metric_code", f"{tier}.metric_definition", "metric_code", LOOK))
        found.append(refers(metric, "group_code", f"{tier}.student_group", "group_code", LOOK))
        found.append(refers(metric, "rule_set", f"{tier}.rule_set", "rule_set", LOOK))
        found += [_entity(tier, "district", "district_code"), _entity(tier, "school", "school_code")]
        found += [_types(tier), _no_student(tier)]
        found += [unique(f"{tier}.{table}", grain) for table, grain in DIMENSION_GRAIN.items()]
        found += [
            accepted(f"{tier}.metric_definition", column, VALUES[column], LOOK) for column in ("unit", "direction")
        ]
        found.append(
            never(
                f"{tier}.metric_definition",
                "a metric says how it is worked out",
                "formula is null or source is null",
                LOOK,
                "metric_code",
            )
        )
    found += [unique(f"partner.{table}", grain) for table, grain in PARTNER_GRAIN.items()]
    return [
        *found,
        *suppression_rules(),
        *sum_rules(),
        *quality_rules(),
        *series_rules(),
        *improvement_rules(),
    ]


def _entity(tier: str, level: str, column: str) -> Rule:
    dimension = f"{tier}.dim_{level}"
    return Rule(
        name=f"{tier}.metric: each {level} stands in dim_{level}",
        table=f"{tier}.metric",
        asks=f"each entity of level {level} stands in {dimension}",
        action=f"add the missing {level} to its dimension, or find out why a metric speaks of it",
        violations=f"select entity_code, count(*) from {{batch}} where level = '{level}' "
        f"and entity_code not in (select {column} from {dimension}) group by 1",
    )


def _types(tier: str) -> Rule:
    expected = ", ".join(f"('{column}', '{kind}')" for column, kind in METRIC_TYPES.items())
    return Rule(
        name=f"{tier}.metric: columns have the types of the contract",
        table=f"{tier}.metric",
        asks="every column of the contract is there with its type (counts are integers, values doubles)",
        action="cast the column in the published model; a changed type is a new major version of the contract",
        violations=f"""
            select e.name, 1 from (values {expected}) as e(name, kind)
            left join duckdb_columns() as c on c.schema_name = '{tier}' and c.table_name = 'metric'
                and c.column_name = e.name
            where c.data_type is distinct from e.kind
            and not coalesce(e.kind = 'BIGINT' and c.data_type = 'INTEGER', false)""",
    )


def _no_student(tier: str) -> Rule:
    names = ", ".join(f"'{column}'" for column in STUDENT_COLUMNS)
    return Rule(
        name=f"{tier}: no column of a student",
        table=f"{tier}.metric",
        asks="no table of an open tier has a column that identifies a student",
        action=PRIVACY,
        violations=f"select table_name, count(*) from duckdb_columns() where schema_name = '{tier}' "
        f"and column_name in ({names}) group by 1",
    )
