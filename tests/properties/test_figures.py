"""What adds up and what does not, and what nobody's lane depends on."""

from __future__ import annotations

from tests.properties.world import EAST, NORTH, SOUTH
from tests.support.whole_warehouse import WholeWarehouse

KEYS = "metric_code, cohort_year, snapshot_code, basis, rule_set"


def test_up_same_and_down_are_everybody(warehouse: WholeWarehouse) -> None:
    rows = warehouse.rows(
        "select sum(numerator) as n, count(*) as n_parts, min(denominator) as lowest, max(denominator) as highest "
        "from on_track.metric_cell where metric_code in ('movement_rate', 'move_up_9_10', 'same_rate', 'down_rate') "
        "group by cohort_year, snapshot_code, basis, level, entity_code, group_type, group_code, rule_set"
    )
    assert len(rows) > 20
    assert {row["n_parts"] for row in rows} == {3}
    assert all(row["n"] == row["lowest"] == row["highest"] for row in rows)


def test_lanes_are_everybody_with_a_lane(warehouse: WholeWarehouse) -> None:
    rows = warehouse.rows(
        "select sum(numerator) as n, min(denominator) as lowest, max(denominator) as highest from on_track.metric_cell "
        "where metric_code like 'lane\\_dist\\_%' escape '\\' "
        "group by cohort_year, snapshot_code, level, entity_code, group_type, group_code, rule_set"
    )
    assert len(rows) > 20
    assert all(row["n"] == row["lowest"] == row["highest"] for row in rows)


def test_students_credited_add_up_over_districts(warehouse: WholeWarehouse) -> None:
    """One credit a student: districts and those credited to none are the collaborative, counted here from the rows."""
    whole, parts = (
        {
            (row["metric_code"], row["snapshot_code"], row["rule_set"]): (row["numerator"], row["denominator"])
            for row in warehouse.rows(
                "select metric_code, snapshot_code, rule_set, sum(numerator) as numerator, sum(denominator) as denominator "
                "from on_track.metric_cell where level = ? and group_code = 'ALL' and basis is null and cohort_year = 2025 "
                "and (metric_code like 'lane\\_dist\\_%' escape '\\' or metric_code = 'vulnerable_rate') group by all",
                level,
            )
        }
        for level in ("collaborative", "district")
    )
    nobodys = warehouse.rows(
        "select snapshot_code, rule_set, lane, count(*) as n from on_track.student_snapshot where district_code is null "
        "and lane is not null and is_first_time_grade9 and cohort_year = 2025 group by all"
    )
    assert nobodys, "a mover without 31 days in the last district is credited to none"
    assert len(whole) > 20
    for (metric, code, rule_set), (numerator, denominator) in whole.items():
        rest = [row for row in nobodys if (row["snapshot_code"], row["rule_set"]) == (code, rule_set)]
        wanted = {1, 2} if metric == "vulnerable_rate" else {int(metric[-1])}
        shown = parts.get((metric, code, rule_set), (0, 0))
        assert shown[0] + sum(row["n"] for row in rest if row["lane"] in wanted) == numerator
        assert shown[1] + sum(row["n"] for row in rest) == denominator


def test_cumulative_enrollment_does_not_add_up(warehouse: WholeWarehouse) -> None:
    """A student of two districts is counted in each, and once in the collaborative."""
    rows = warehouse.rows(
        "select level, entity_code, denominator as n from on_track.metric_cell where metric_code = 'cumulative_enrollment' "
        "and school_year = 2025 and group_code = 'ALL' and rule_set = 'core5_v1' and level in ('collaborative', 'district')"
    )
    districts = {row["entity_code"]: row["n"] for row in rows if row["level"] == "district"}
    whole = next(row["n"] for row in rows if row["level"] == "collaborative")
    people = warehouse.rows(
        "select ssid, count(distinct student.district_code) as n from harmonized.canon_student as student "
        "inner join (select distinct district_code, local_student_id from harmonized.canon_enrollment "
        "where school_year = 2025 and known_to is null) as enrolled using (district_code, local_student_id) "
        "where student.known_to is null group by ssid"
    )
    assert set(districts) == {NORTH, SOUTH, EAST}
    assert whole == len(people)
    assert sum(districts.values()) == sum(row["n"] for row in people) > whole


def test_another_order_without_an_unrelated_district_changes_nobody(
    warehouse: WholeWarehouse, reordered: WholeWarehouse
) -> None:
    for table in ("student_snapshot", "student_movement"):
        here, there = (
            built.rows(
                f"select snapshot.* from on_track.{table} as snapshot where person_id not in "
                f"(select person_id from harmonized.student_local where district_code = '{EAST}') order by all"
            )
            for built in (warehouse, reordered)
        )
        assert len(here) > 500
        assert here == there


def test_figures_of_the_other_districts_stay(warehouse: WholeWarehouse, reordered: WholeWarehouse) -> None:
    here, there = (
        built.rows(
            f"select {KEYS}, level, entity_code, group_type, group_code, numerator, denominator from on_track.metric_cell "
            "where level = 'district' and entity_code in (?, ?) order by all",
            NORTH,
            SOUTH,
        )
        for built in (warehouse, reordered)
    )
    assert here == there
    assert len(here) > 100
