"""From canonical rows written by hand to lanes, movement, metric cells and data quality, in one dbt run.

Harmonized and on_track together: a bad row must be followed to the lane that it must not change.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import duckdb

from tests.dbt_project.harmonized.warehouse import Warehouse
from tests.dbt_project.on_track import warehouse as on_track

FEEDS = ("enrollment", "marks", "attendance", "discipline", "programs")
BUILT = "resource_type:seed +student_movement +metric_cell +partner__data_quality +public__data_quality".split()
NOT_BUILT = "path:models/staging path:models/harmonized/canonical resource_type:test resource_type:unit_test".split()


class WholeWarehouse(Warehouse):
    """Canonical rows in, figures out; raw and staging beside them are empty unless filled."""

    def __init__(self, home: Path, as_of: dt.date) -> None:
        super().__init__(home, as_of)
        with duckdb.connect(str(self.path)) as con:
            for schema, tables in (
                ("raw", on_track.RAW),
                ("staging", on_track.STAGED),
            ):
                for table, columns in tables.items():
                    con.execute(f"create table if not exists {schema}.{table} ({columns})")

    def build(self) -> None:
        """Seeds and everything from above the canonical entities to snapshots, movement, cells and data quality."""
        self.dbt("build", "--quiet", "--select", *BUILT, "--exclude", *NOT_BUILT)

    def snapshots(self, code: str = "G9_EOY", rule_set: str = "core5_v1") -> dict[str, dict[str, Any]]:
        """The snapshots of one code by the local id, which is the name of the student in these tests."""
        rows = self.rows(
            "select local.local_student_id as name, snapshot.* from on_track.student_snapshot as snapshot "
            "inner join harmonized.student_local as local on local.vantage = 'current' "
            "and local.person_id = snapshot.person_id where snapshot_code = ? and rule_set = ?",
            code,
            rule_set,
        )
        return {row["name"]: row for row in rows}

    def quality(self, district: str, year: int) -> dict[str, tuple[float, int]]:
        """(found, looked at) by measure, before anything is hidden."""
        rows = self.rows(
            "select measure, n_found, n from on_track.quality_measure where district_code = ? and school_year = ?",
            district,
            year,
        )
        return {row["measure"]: (row["n_found"], row["n"]) for row in rows}
