"""One small warehouse for the models of lane_validity and metric_quality: the tables before them are written by hand."""

from __future__ import annotations

import duckdb
import pytest
import yaml

from tests.dbt_project.on_track.warehouse import PROJECT, SmallWarehouse
from tests.dbt_project.validity import counted_rows, predicted_rows

MODELS = PROJECT / "models"
BUILT = (
    "validity_pattern validity_count validity_figure validity_hidden partner__lane_validity "
    "sensitivity_figure sensitivity_shown partner__metric_quality"
).split()
GIVEN = {
    "on_track.student_snapshot": ("on_track/_on_track.yml", "student_snapshot"),
    "on_track.sensitivity_count": ("on_track/_validity.yml", "sensitivity_count"),
    "partner.metric": ("published/partner/_partner.yml", "partner__metric"),
}


def columns(path: str, model: str) -> str:
    """Columns and types of a model as its yml promises them."""
    models = yaml.safe_load((MODELS / path).read_text(encoding="utf-8"))["models"]
    found = next(m for m in models if m["name"] == model)
    return ", ".join(f'"{c["name"]}" {c["data_type"]}' for c in found["columns"])


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """A connection to the built warehouse."""
    w = SmallWarehouse(tmp_path_factory.mktemp("validity"))
    w.con.execute("create schema on_track; create schema partner")
    for table, (path, model) in GIVEN.items():
        w.con.execute(f"create table {table} ({columns(path, model)})")
    w.con.execute("create table on_track.btsc_school (school_code varchar, entity_code varchar)")
    w.con.execute("create table on_track.entity (level varchar, entity_code varchar, entity_name varchar)")
    taken, groups = predicted_rows.snapshots()
    w.insert("on_track.student_snapshot", taken)
    w.insert("harmonized.student_group_year", groups)
    w.insert("on_track.sensitivity_count", counted_rows.rows())
    w.insert("partner.metric", counted_rows.shown())
    w.build("resource_type:seed", *BUILT)
    return w.con
