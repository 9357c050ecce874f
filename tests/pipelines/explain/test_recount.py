"""Every metric of the published sample is counted again from students' rows, by the conditions published beside it."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.explain.metric import is_same
from pipelines.explain.recount import count, recount_of
from pipelines.explain.released import Released
from tests.support.nightly import Home

pytestmark = pytest.mark.pipeline

# of each metric the newest figure of the largest school; a few at every level, and of groups
FIGURES = """
    select metric.*, dim_district.district from {t}.metric as metric
    left join {t}.dim_district as dim_district on dim_district.district_code = left(metric.entity_code, 7)
    where suppression = 'none' and rule_set = 'core5_v1' and (
        (level = 'school' and group_code = 'ALL')
        or (metric_code in ('movement_rate', 'df_mark_share', 'chronic_absenteeism_rate') and group_code in ('ALL', 'SED'))
    )
    qualify row_number() over (
        partition by metric_code, level, group_code order by cohort_year desc, denominator desc, entity_code, snapshot_code, basis
    ) = 1
    order by metric_code, level, group_code
"""


def test_every_metric_is_counted_again_from_the_rows(sample: Home) -> None:
    with Released(sample.path / "published") as released:
        assert released.has("partner")
        everywhere = released.restricted()
        codes = {row["metric_code"] for row in released.rows("partner", "from {t}.metric_definition")}
        found = {}
        for figure in released.rows("partner", FIGURES):
            tiers = [f"restricted/{figure['district']}"] if figure["level"] == "school" else everywhere
            counted = count(released, tiers, recount_of(released, figure["metric_code"]), figure, 0)
            key = figure["metric_code"], figure["level"], figure["entity_code"], figure["group_code"]
            found[key] = is_same(figure, counted)
    assert {key[0] for key in found} == codes, "metrics without a figure to count"
    assert {key[1] for key in found} == {"collaborative", "district", "school", "btsc_cohort"}
    assert [key for key, same in found.items() if not same] == []


def test_conditions_are_of_published_columns(sample: Home) -> None:
    """Who has one district's database and metric_condition alone can count: each text stands on that table's columns."""
    folder = sample.current
    with duckdb.connect(str(folder / "partner" / "core.duckdb"), read_only=True) as con:
        parts = con.execute("select table_name, condition, adds, part from metric_condition").fetchall()
    district = next(iter(sorted((folder / "restricted").iterdir())))
    with duckdb.connect(str(district / "core.duckdb"), read_only=True) as con:
        for table, condition, adds, part in parts:
            amount = adds if part == "value" else f"sum({adds})"
            con.execute(
                f"select {amount} from {table} cross join (select 5 as top_lane, 50.0 as credit_pace_per_year) where {condition}"
            )
