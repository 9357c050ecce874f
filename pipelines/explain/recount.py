"""A published figure counted again from students' rows: for each student whether it is in the denominator, and what it
adds to the numerator.

This is a second count beside the one that was published (dbt_project/macros/metrics.sql), so that the two can be set
against each other; it says nothing about metrics that do not follow from one row a student.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pipelines.explain.released import Released, Row

BOTH = "movement is not null"
UP, DOWN = "movement = 'up'", "movement = 'down'"
PRESENT = "cast(days_expected - days_absent as decimal(28, 12))"
DAYS = "cast(days_expected as decimal(28, 12))"
HAS_DAYS = "days_expected > 0 and days_absent is not null"
TOLERANCE = "0.000001"


class Recount(NamedTuple):
    """Conditions on a row of `table`: in the denominator, and counted (less what is `taken_off`)."""

    table: str
    of: str
    counted: str
    taken_off: str = "false"
    depends_on_lanes: bool = False


MOVEMENT = {
    "movement_rate": (BOTH, UP),
    "move_up_9_10": (BOTH, UP),
    "movement_rate_x5": (f"{BOTH} and start_lane < $top_lane", UP),
    "exit_rate_v": (f"{BOTH} and start_lane <= 2", "end_lane >= 3"),
    "recovered_rate": (f"{BOTH} and start_lane <= 2", "end_lane >= 3"),
    "down_rate": (BOTH, DOWN),
    "same_rate": (BOTH, "movement = 'same'"),
    "net_movement": (BOTH, UP),
    "off_track_rate_9_10": (BOTH, "end_lane <= 2"),
    "fell_off_rate": (f"{BOTH} and start_lane >= 3", "end_lane <= 2"),
    "coverage": ("true", BOTH),
}
SNAPSHOT = {
    "vulnerable_rate": ("lane is not null", "lane <= 2"),
    "any_f_core_rate": ("credits_attempted > 0", "n_f_core > 0"),
    "any_df_core_rate": ("credits_attempted > 0", "n_df_core > 0"),
    "credit_pace_rate": ("credits_attempted > 0", f"credits_earned >= $credit_pace - {TOLERANCE}"),
    "attendance_96": (HAS_DAYS, f"{PRESENT} >= 0.96 * {DAYS}"),
    "attendance_90_96": (HAS_DAYS, f"{PRESENT} > 0.90 * {DAYS} and {PRESENT} < 0.96 * {DAYS}"),
    "attendance_80_90": (HAS_DAYS, f"{PRESENT} > 0.80 * {DAYS} and {PRESENT} <= 0.90 * {DAYS}"),
    "attendance_below_80": (HAS_DAYS, f"{PRESENT} <= 0.80 * {DAYS}"),
    "mean_gpa": ("gpa is not null", "false"),
    "median_gpa": ("gpa is not null", "false"),
}


def recount_of(code: str, flags: set[str], top_lane: int, credit_pace: float) -> Recount | None:
    """How a metric is counted again; None for one that does not follow from one row a student.

    `flags` are the columns of student_snapshot that are yes or no.
    """
    found: Recount | None = None
    if code in MOVEMENT:
        taken_off = DOWN if code == "net_movement" else "false"
        found = Recount("student_movement", *MOVEMENT[code], taken_off, True)
    elif code.startswith("coverage_"):
        reason = code.removeprefix("coverage_")
        found = Recount("student_movement", "true", f"no_movement_reason = '{reason}'", "false", True)
    elif code in SNAPSHOT:
        found = Recount("student_snapshot", *SNAPSHOT[code], "false", code == "vulnerable_rate")
    elif lane := re.fullmatch(r"lane_dist_(\d)", code):
        found = Recount("student_snapshot", "lane is not null", f"lane = {lane[1]}", "false", True)
    elif code.removesuffix("_rate") in flags:
        flag = code.removesuffix("_rate")
        found = Recount("student_snapshot", f"{flag} is not null", flag)
    if found is None:
        return None
    return found._replace(
        of=found.of.replace("$top_lane", str(top_lane)),
        counted=found.counted.replace("$credit_pace", str(credit_pace)),
    )


class Counted(NamedTuple):
    """The second count: numerator and denominator, GPA (mean and median), members by reason, students."""

    numerator: int
    denominator: int
    mean_gpa: float | None
    median_gpa: float | None
    reasons: list[Row]
    students: list[Row]
    n_students: int
    districts: list[str]


def count(released: Released, tiers: list[str], recount: Recount, figure: Row, limit: int) -> Counted:
    """Count a figure of table `metric` again in the restricted tiers that can be read."""
    query, values = _members(released, recount, figure)

    def ask(then: str) -> list[Row]:
        return released.rows_of(tiers, query, *values, then=then)

    total = ask(
        "select coalesce(sum(counted) filter (is_in), 0)::bigint as numerator, count(*) filter (is_in) as denominator, "
        "avg(gpa) filter (is_in) as mean_gpa, median(gpa) filter (is_in) as median_gpa, count(*) as n from found"
    )[0]
    reasons = ask("select reason, count(*) as n from found where reason is not null group by reason order by 2 desc, 1")
    students = ask(f"from found order by is_in desc, counted desc, student_key limit {limit}")
    concerned = (
        "select distinct enrollment.district_code from {t}.enrollment as enrollment inner join "
        f"({query}) as members on members.student_key = enrollment.student_key "
        "where enrollment.school_year between ? and ?"
    )
    districts = released.rows_of(
        tiers,
        concerned,
        *values,
        figure["cohort_year"] - 1,
        figure["school_year"],
        then="select distinct district_code from found order by 1",
    )
    return Counted(
        int(total["numerator"]), total["denominator"], total["mean_gpa"], total["median_gpa"], reasons, students,
        total["n"], [row["district_code"] for row in districts],
    )  # fmt: skip


def _members(released: Released, recount: Recount, figure: Row) -> tuple[str, list[object]]:
    """Members of the cohort credited to the entity, one row each: how each one counts."""
    columns = f"coalesce({recount.of}, false) as is_in, "
    columns += f"({recount.counted})::integer - ({recount.taken_off})::integer as counted"
    values: list[object] = [figure["cohort_year"], figure["snapshot_code"], figure["rule_set"]]
    if recount.table == "student_movement":
        columns += (
            ", start_lane, end_lane, movement as outcome, no_movement_reason as reason, cast(null as double) as gpa"
        )
        conditions = ["cohort_year = ?", "end_snapshot_code = ?", "rule_set = ?", "basis = ?"]
        values.append(figure["basis"])
    else:
        columns += ", lane as end_lane, lane_name as outcome, null_reason as reason, gpa"
        conditions = ["cohort_year = ?", "snapshot_code = ?", "rule_set = ?", "is_first_time_grade9"]
    if figure["level"] in ("school", "district"):
        conditions.append(f"{figure['level']}_code = ?")
        values.append(figure["entity_code"])
    if figure["group_code"] != "ALL":
        # who has left the district since is in its groups no more, but in those of the next district
        groups = released.everywhere("student_group_year", "student_key, school_year, group_type, group_code")
        conditions.append(
            f"student_key in (select student_key from ({groups}) "
            "where school_year = ? and group_type = ? and group_code = ?)"
        )
        values += [figure["school_year"], figure["group_type"], figure["group_code"]]
    return f"select student_key, {columns} from {{t}}.{recount.table} where {' and '.join(conditions)}", values
