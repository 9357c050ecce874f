"""Rule sets as rows: the example of docs/rule-sets.md, and lanes that came in a file."""

from __future__ import annotations

import re

import duckdb
import pytest

from tests.dbt_project.on_track.conftest import RUN_DAY, fill_calendar, fill_students
from tests.dbt_project.on_track.golden_rows import person
from tests.dbt_project.on_track.warehouse import PROJECT, SmallWarehouse
from tests.golden.students import COHORT, EXPECTED

#: lanes from elsewhere: student -> (end of grade 8, end of grade 9); 6 is no level of the scheme
EXTERNAL = {"01": (2, 5), "02": (3, 3), "03": (4, 1), "04": (2, 6)}

#: the example's conditions, by hand: lane 1 plus one for each pair passed in order
PAIRS = ((1.0, 80.0, False), (2.0, 90.0, False), (3.0, 96.0, True), (3.5, 98.0, True))


def example_rows() -> dict[str, str]:
    """The rows that docs/rule-sets.md adds in its example, by seed."""
    text = (PROJECT.parent / "docs" / "rule-sets.md").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for seed, rows in re.findall(r"```csv (\w+)\n(.*?)```", text, flags=re.DOTALL):
        found[seed] = found.get(seed, "") + rows
    return found


def fill_external_lanes(w: SmallWarehouse) -> None:
    """A file of lanes from elsewhere that came after every freeze: the first of its rule set counts as known then."""
    for student, (start, end) in EXTERNAL.items():
        for code, lane in (("G8_EOY", start), ("G9_EOY", end)):
            w.insert("staging.stg_core_hub__external_lane", [
                {"rule_set": "ea_model", "ssid": person(student), "cohort_year": COHORT, "snapshot_code": code, "lane": lane,
                 "source_file_id": "f", "source_row": 1, "known_from": RUN_DAY}])  # fmt: skip


def planted_rows() -> dict[str, str]:
    """core5_v1 with one error: attendance of exactly 90% passes G3."""
    seeds = PROJECT / "seeds"
    rules = [
        line
        for line in (seeds / "lane_rule.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("core5_v1,")
    ]
    wrong = [
        line.replace("G3,attendance_rate,>,0.90", "G3,attendance_rate,>=,0.90").replace("core5_v1", "planted")
        for line in rules
    ]
    assert "\n".join(rules) != "\n".join(wrong).replace("planted", "core5_v1")
    default = next(
        line
        for line in (seeds / "rule_set.csv").read_text(encoding="utf-8").splitlines()
        if line.startswith("core5_v1,")
    )
    return {
        "lane_rule": "\n".join(wrong) + "\n",
        "rule_set": default.replace("core5_v1,true,core5,core5_v1,", "planted,false,core5,planted,") + "\n",
    }


@pytest.fixture(scope="module")
def with_examples(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The golden students under the rule sets of the documentation's examples too."""
    planted, documented = planted_rows(), example_rows()
    more = {seed: documented.get(seed, "") + planted.get(seed, "") for seed in {*planted, *documented}}
    w = SmallWarehouse(tmp_path_factory.mktemp("examples"), more)
    fill_calendar(w)
    fill_students(w)
    fill_external_lanes(w)
    # unit tests hold for the rule sets that are committed
    w.build(
        "resource_type:seed", "on_track", "improvement", "privacy", "published", "--exclude-resource-type", "unit_test"
    )
    return w.con


def lane_by_two_measures(gpa: float, attendance: float) -> int:
    lane = 1
    for low_gpa, cut, is_closed in PAIRS:
        if gpa < low_gpa or attendance < cut or (attendance == cut and not is_closed):
            break
        lane += 1
    return lane


@pytest.mark.parametrize("student", [s for s, row in EXPECTED.items() if not isinstance(row[8], str)])
def test_the_documented_rows_make_a_rule_set(with_examples: duckdb.DuckDBPyConnection, student: str) -> None:
    gpa, attendance = EXPECTED[student][4], EXPECTED[student][5]
    found = with_examples.execute(
        "select lane from on_track.student_snapshot where rule_set = 'two_measures_v1' and snapshot_code = 'G9_EOY' and person_id = ? "
        "and cohort_year = ?",
        [person(student), COHORT],
    ).fetchall()
    assert found == [(lane_by_two_measures(gpa, attendance),)]


def test_an_external_file_is_one_more_rule_set(with_examples: duckdb.DuckDBPyConnection) -> None:
    lanes = dict(
        with_examples.execute(
            "select person_id || snapshot_code, coalesce(cast(lane as varchar), null_reason) from on_track.student_snapshot "
            f"where rule_set = 'ea_model' and snapshot_code in ('G8_EOY', 'G9_EOY') and cohort_year = {COHORT}"
        ).fetchall()
    )
    for student, (start, end) in EXTERNAL.items():
        assert lanes[person(student) + "G8_EOY"] == str(start)
        assert lanes[person(student) + "G9_EOY"] == (str(end) if end <= 5 else "not_in_lane_file")
    assert lanes[person("05") + "G9_EOY"] == "not_in_lane_file"


def test_metrics_work_on_it_unchanged(with_examples: duckdb.DuckDBPyConnection) -> None:
    cells = {
        code: (numerator, denominator)
        for code, numerator, denominator in with_examples.execute(
            "select metric_code, numerator, denominator from on_track.metric_cell where rule_set = 'ea_model' and level = 'collaborative' "
            f"and group_code = 'ALL' and cohort_year = {COHORT} and snapshot_code = 'G9_EOY' and basis = 'G8_EOY'"
        ).fetchall()
    }
    # 01 up, 02 same, 03 down; 04 has no level at the end
    assert (cells["movement_rate"], cells["same_rate"], cells["down_rate"]) == ((1, 3), (1, 3), (1, 3))


def test_an_error_planted_in_the_rules_is_seen(with_examples: duckdb.DuckDBPyConnection) -> None:
    """02 attended exactly 162 of 180 days in grade 8: lane 2. Were 90% enough, it would be 3; nobody else stands on that edge."""
    lanes = "select person_id, cohort_year, snapshot_code, lane from on_track.student_snapshot where rule_set = '{}'"
    wrong = with_examples.execute(
        f"select person_id, snapshot_code, lane from ({lanes.format('planted')} except {lanes.format('core5_v1')}) where cohort_year = {COHORT}"
    ).fetchall()
    assert wrong == [(person("02"), "G8_EOY", 3)]


def test_every_rule_set_stands_beside_the_others(with_examples: duckdb.DuckDBPyConnection) -> None:
    shown = {row[0] for row in with_examples.execute("select distinct rule_set from partner.rule_set").fetchall()}
    assert shown == {"core5_v1", "simple4_v1", "core5_v1_pm", "two_measures_v1", "ea_model", "planted"}
    assert with_examples.execute("select distinct rule_set from public.metric").fetchall() in ([], [("core5_v1",)])
