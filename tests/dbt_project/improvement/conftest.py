"""One small warehouse for aims, gaps and spread: table metric of both open tiers is written by hand."""

from __future__ import annotations

import duckdb
import pytest

from tests.dbt_project.improvement import aim_rows, gap_rows
from tests.dbt_project.on_track.warehouse import SmallWarehouse
from tests.dbt_project.validity.conftest import columns

BUILT = (
    "shown_figure judged_metric aim_school aim_measure aim_figure aim_pair aim_unit aim_compared aim_result gap_pair group_gap "
    "funnel_school funnel_position"
).split()
TABLES = ("aim_progress", "equity_gap", "school_funnel", "school_spread")
GIVEN = {
    "on_track.snapshot_status": ("on_track/_on_track.yml", "snapshot_status"),
    "partner.metric": ("published/partner/_partner.yml", "partner__metric"),
    "public.metric": ("published/public/_public.yml", "public__metric"),
    "partner.btsc_membership": ("published/partner/_partner.yml", "partner__btsc_membership"),
    "partner.dim_school": ("published/partner/_partner.yml", "partner__dim_school"),
}


@pytest.fixture(scope="session")
def improved(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A connection to the built warehouse."""
    w = SmallWarehouse(tmp_path_factory.mktemp("improvement"), {"series_break": aim_rows.POLICY_BREAK})
    w.con.execute("create schema on_track; create schema partner; create schema public")
    for table, (path, model) in GIVEN.items():
        w.con.execute(f"create table {table} ({columns(path, model)})")
    w.con.execute("create table on_track.btsc_school (school_code varchar, entity_code varchar)")
    w.con.execute("create table on_track.entity (level varchar, entity_code varchar, entity_name varchar)")
    for code, memberships in aim_rows.MEMBERSHIPS.items():
        for cohort, start, end in memberships:
            w.insert("partner.btsc_membership", [{"school_code": code, "network": "BTSC", "cohort": cohort, "start_year": start, "end_year": end}])  # fmt: skip
            w.insert("on_track.btsc_school", [{"school_code": code, "entity_code": f"BTSC-{cohort}"}])
    for code in gap_rows.SCHOOLS:
        w.insert("partner.dim_school", [{"school_code": code, "district_code": code[:7]}])
    w.insert("on_track.snapshot_status", aim_rows.status())
    w.insert("partner.metric", aim_rows.rows("partner") + gap_rows.rows())
    w.insert("public.metric", aim_rows.rows("public"))
    published = [f"{tier}__{table}" for tier in ("partner", "public") for table in TABLES]
    # tests of tables that are not built here would be asked with the seeds
    w.build("resource_type:seed", *BUILT, *published, "--exclude-resource-type", "test", "unit_test")
    return w.con
