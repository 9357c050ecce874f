"""The comparison of figures itself: each kind of difference is seen, and two equal sides have none."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.reference.aggregates.cells import Cell, Counts
from tests.support.aggregates import compare

RATE = Cell("movement_rate", 2025, "G9_EOY", "G8_EOY", "collaborative", "CORE", "all", "ALL", "core5_v1")
COUNT = Cell("census_enrollment", 2025, "G9_EOY", None, "district", "1111111", "gender", "F", "core5_v1")
MEAN = Cell("mean_gpa", 2025, "G9_EOY", None, "school", "11111110000001", "all", "ALL", "core5_v1")
SMALL = Cell("coverage", 2025, "G9_EOY", "G8_EOY", "district", "1111111", "all", "ALL", "core5_v1")
CELLS = {
    RATE: Counts(30, 120),
    COUNT: Counts(200, 200),
    MEAN: Counts(None, 40, 2.75),
    SMALL: Counts(3, 7),
}
FIGURES = {RATE: 0.25, COUNT: 200.0, MEAN: 2.75}
COLUMNS = (
    "metric_code varchar, cohort_year integer, snapshot_code varchar, basis varchar, level varchar, entity_code varchar, "
    "group_type varchar, group_code varchar, rule_set varchar, numerator bigint, denominator bigint, value double"
)


def differences(folder: Path, cells: dict[Cell, Counts], *changes: str) -> dict[str, int]:
    """What `compare` finds between CELLS as a warehouse and a release, after some changes to these, and other cells."""
    warehouse, partner = folder / "warehouse.duckdb", folder / "partner.duckdb"
    con = duckdb.connect()
    con.execute(f"attach '{warehouse}' as w")
    con.execute(f"attach '{partner}' as p")
    con.execute("create schema w.on_track")
    con.execute(f"create table w.on_track.metric_cell ({COLUMNS})")
    con.execute(f"create table p.metric ({COLUMNS}, suppression varchar)")
    for key, counts in CELLS.items():
        row = [*key, counts.numerator, counts.denominator]
        con.execute(f"insert into w.on_track.metric_cell values ({', '.join('?' * 12)})", [*row, counts.value])
        shown = [*row, FIGURES[key], "none"] if key in FIGURES else [*key, None, None, None, "suppressed"]
        con.execute(f"insert into p.metric values ({', '.join('?' * 13)})", shown)
    for change in changes:
        con.execute(change)
    con.close()
    found, examples, n = compare(warehouse, partner, cells)
    assert n == len(cells)
    assert set(examples) == set(found)
    return dict(found)


def test_equal_sides_have_no_difference(tmp_path):
    assert differences(tmp_path, CELLS) == {}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (CELLS | {RATE: Counts(31, 120)}, {"cell differs: movement_rate": 1, "figure differs: movement_rate": 1}),
        (CELLS | {SMALL: Counts(3, 8)}, {"cell differs: coverage": 1}),
        (CELLS | {MEAN: Counts(None, 40, 2.76)}, {"cell differs: mean_gpa": 1, "figure differs: mean_gpa": 1}),
        (CELLS | {RATE._replace(group="M"): Counts(1, 2)}, {"cell missing: movement_rate": 1}),
        ({k: v for k, v in CELLS.items() if k != SMALL}, {"cell too many: coverage": 1}),
    ],
)
def test_a_count_of_one_side_is_seen(tmp_path, cells, expected):
    assert differences(tmp_path, cells) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("update p.metric set value = 0.26 where metric_code = 'movement_rate'", {"figure differs: movement_rate": 1}),
        ("update p.metric set value = 1 where metric_code = 'census_enrollment'", {"figure differs: census_enrollment": 1}),
        ("update p.metric set numerator = null where metric_code = 'movement_rate'", {"figure differs: movement_rate": 1}),
        ("delete from p.metric where metric_code = 'mean_gpa'", {"cell without a figure: mean_gpa": 1}),
        ("delete from w.on_track.metric_cell where metric_code = 'mean_gpa'",
         {"cell missing: mean_gpa": 1, "figure without a cell: mean_gpa": 1}),
        ("insert into w.on_track.metric_cell from w.on_track.metric_cell where metric_code = 'mean_gpa'", {"cell twice: mean_gpa": 1}),
        ("update p.metric set suppression = 'none', numerator = 3, denominator = 7, value = 3 / 7 where metric_code = 'coverage'",
         {"few students shown: coverage": 1}),
    ],
)  # fmt: skip
def test_a_change_to_the_home_is_seen(tmp_path, change, expected):
    assert differences(tmp_path, CELLS, change) == expected
