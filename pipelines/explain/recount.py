"""A published figure counted again from students' rows: for each student whether it is in the denominator, and what it
adds to the numerator.

What counts is SQL of the release itself: table `metric_condition` holds the very conditions by which the figures were
counted. Here they are asked of the restricted tables, and the sum is set against the figure.
"""

from __future__ import annotations

from typing import NamedTuple

from pipelines.explain.released import Released, Row

# which rows of a restricted table a figure is about, by the columns of `metric`; and what is told of a row
MEMBERS = {
    "student_snapshot": "cohort_year = $cohort_year and snapshot_code = $snapshot_code and rule_set = $rule_set "
    "and is_first_time_grade9",
    "student_movement": "cohort_year = $cohort_year and end_snapshot_code = $snapshot_code and rule_set = $rule_set "
    "and basis = $basis",
    "student_year": "school_year = $school_year and level = $level and entity_code = $entity_code",
}
TOLD = {
    "student_snapshot": "lane as end_lane, lane_name as outcome, null_reason as reason",
    "student_movement": "start_lane, end_lane, movement as outcome, no_movement_reason as reason",
    "student_year": "days_expected, days_absent, n_suspensions, cast(null as varchar) as reason",
}


class Recount(NamedTuple):
    """Rows of `metric_condition` of one metric: SQL asked of a row of `table`, by part of the figure."""

    table: str
    parts: dict[str, tuple[str, str]]
    follows_from_lanes: bool

    def amount(self, part: str) -> str:
        """What a row adds to a part of the figure; 0 where the metric has no such part."""
        condition, adds = self.parts.get(part, ("false", "0"))
        return f"case when {condition} then {adds} else 0 end"

    @property
    def is_of_years(self) -> bool:
        """Whether it counts students of a school year, at whatever grade (else ninth graders of a cohort)."""
        return self.table == "student_year"


class Counted(NamedTuple):
    """The second count: numerator (or a value instead) and denominator, members by reason, students."""

    numerator: int | None
    denominator: int
    value: float | None
    reasons: list[Row]
    students: list[Row]
    n_students: int
    districts: list[str]


def recount_of(released: Released, code: str) -> Recount:
    """How a metric is counted, as the release says."""
    rows = released.rows(released.open_words(), "from {t}.metric_condition where metric_code = ?", code)
    parts = {row["part"]: (row["condition"], row["adds"]) for row in rows}
    return Recount(rows[0]["table_name"], parts, rows[0]["follows_from_lanes"])


def count(released: Released, tiers: list[str], recount: Recount, figure: Row, limit: int) -> Counted:
    """Count a figure of table `metric` again in the restricted tiers that can be read."""
    query = _members(released, recount, figure)

    def ask(query: str, then: str) -> list[Row]:
        return released.rows_of(tiers, query, figure, then=then)

    value = recount.parts.get("value", ("", "max(null)"))[1]
    total = ask(
        query,
        "select coalesce(sum(counted) filter (is_in), 0)::bigint as numerator, "
        f"coalesce(sum(of) filter (is_in), 0)::bigint as denominator, count(*) as n, "
        f"(select {value} from found where is_in) as value from found",
    )[0]
    reasons = ask(
        query, "select reason, count(*) as n from found where reason is not null group by reason order by 2 desc, 1"
    )
    students = ask(query, f"from found order by is_in desc, counted desc, student_key limit {limit}")
    concerned = ask(
        "select distinct enrollment.district_code from {t}.enrollment as enrollment inner join "
        f"({query}) as members on members.student_key = enrollment.student_key "
        "where enrollment.school_year between $cohort_year - 1 and $school_year",
        "select distinct district_code from found order by 1",
    )
    return Counted(
        int(total["numerator"]) if "numerator" in recount.parts else None, int(total["denominator"]), total["value"],
        reasons, students, total["n"], [row["district_code"] for row in concerned],
    )  # fmt: skip


def _members(released: Released, recount: Recount, figure: Row) -> str:
    """Members of the cohort credited to the entity, one row each: how each one counts."""
    conditions = [MEMBERS[recount.table]]
    if not recount.is_of_years:
        conditions.append(_credited_to(released, figure["level"]))
    if figure["group_code"] != "ALL":
        # who has left the district since is in its groups no more, but in those of the next district
        groups = released.everywhere("student_group_year", "student_key, school_year, group_type, group_code")
        conditions.append(
            f"student_key in (select student_key from ({groups}) "
            "where school_year = $school_year and group_type = $group_type and group_code = $group_code)"
        )
    value = ", gpa" if "value" in recount.parts else ""
    return (
        f"select student_key, coalesce({recount.parts['denominator'][0]}, false) as is_in, "
        f"{recount.amount('numerator')} - {recount.amount('subtracted')} as counted, "
        f"{recount.amount('denominator')} as of, {TOLD[recount.table]}{value} "
        f"from {{t}}.{recount.table} cross join ({_parameters(released)}) as parameters "
        f"where {' and '.join(conditions)}"
    )


def _credited_to(released: Released, level: str) -> str:
    """Condition on the school or district that a row is credited to; for the collaborative there is none."""
    if level == "collaborative":
        return "true"
    if level != "btsc_cohort":
        return f"{level}_code = $entity_code"
    membership = f"{released.name_of(released.open_words())}.btsc_membership"
    return f"school_code in (select school_code from {membership} where network || '-' || cohort = $entity_code)"


def _parameters(released: Released) -> str:
    """The parameters of the figure's rule set, to which conditions may refer."""
    rule_sets = f"{released.name_of(released.open_words())}.rule_set"
    return f"select * exclude (rule_set) from {rule_sets} where rule_set = $rule_set"
