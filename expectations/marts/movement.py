"""Movement: up, same or down exactly where both lanes are known, and a matrix that adds up (domain.md section 5)."""

from __future__ import annotations

from expectations.contract import RELEASE_DISTRICT
from expectations.suite import Rule, never

LOOK = "movement no longer follows from the two snapshots: look at student_movement and at its end snapshots"


def movement_rules() -> list[Rule]:
    """Rules of student_movement and movement_matrix."""
    table = "restricted.student_movement"

    def hold(what: str, broken: str) -> Rule:
        return never(table, what, broken, LOOK, RELEASE_DISTRICT)

    return [
        hold(
            "a movement is NULL exactly where a reason is given",
            "(movement is null) <> (no_movement_reason is not null)",
        ),
        hold(
            "up, same and down together are those with both lanes",
            "(movement is not null) <> (start_lane is not null and end_lane is not null)",
        ),
        hold(
            "movement is the sign of end lane less start lane",
            "movement is not null and movement is distinct from case when end_lane > start_lane then 'up' "
            "when end_lane < start_lane then 'down' else 'same' end",
        ),
        _matrix(),
    ]


def _matrix() -> Rule:
    cell = "cohort_year, basis, end_snapshot_code, rule_set"
    return Rule(
        name="restricted.movement_matrix: adds up to the movements of the students credited",
        table="restricted.movement_matrix",
        asks="the cells of a matrix sum to the students of that district with a movement",
        action=LOOK,
        violations=f"""
            with matrix as (
                select {RELEASE_DISTRICT}, {cell}, sum(n) as n from {{batch}}
                where start_lane is not null and end_lane is not null group by all
            ),
            movements as (
                select m.{RELEASE_DISTRICT}, {cell}, count(*) as n
                from restricted.student_movement as m
                join raw.district as d on d.district = m.{RELEASE_DISTRICT} and d.district_code = m.district_code
                where m.movement is not null group by all
            )
            select {RELEASE_DISTRICT}, count(*) from matrix full join movements
                using ({RELEASE_DISTRICT}, {cell})
            where matrix.n is distinct from movements.n group by 1""",
    )
