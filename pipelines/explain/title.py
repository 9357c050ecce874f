"""What a snapshot is, in a line, and what is missing where it has no lane."""

from __future__ import annotations

from pipelines.explain.numbers import counted, credits, cut, days, decimal
from pipelines.explain.released import Row

COMPUTED_ELSEWHERE = "this lane came in a file and was computed elsewhere: no rule rows decide it"
MISSING = {
    "not_enrolled": "no primary enrollment covers the day of the snapshot",
    "no_attendance": "the attendance of a district for the window was not sent",
    "weighted_gpa_only": "only a weighted GPA was sent and no marks",
    "no_marks": "no marks but withdrawn ones stand in the window",
    "not_in_lane_file": "the file of lanes that were computed elsewhere does not name this student",
}


def title(row: Row) -> str:
    """The snapshot in a line: code, cohort, dates, lane or why there is none."""
    state = f"frozen on {row['frozen_on']}" if row["is_frozen"] else "provisional"
    lane = f"lane {row['lane']}, {row['lane_name']}" if row["lane"] else f"no lane: {row['null_reason']}"
    cohort = f"cohort {row['cohort_year']}" + ("" if row["is_first_time_grade9"] else " (not a member)")
    return f"{row['snapshot_code']}, {cohort}, school year {row['school_year']}, as of {row['as_of']}, {state}: {lane}"


def missing(row: Row, rule_set: Row) -> list[str]:
    """What is missing for a lane, by the parameters of the rule set."""
    reason = row["null_reason"]
    if reason == "insufficient_days":
        least, have = decimal(rule_set["min_days_exclusive"]), days(row["days_expected"] or 0)
        more = int(least - have) + 1
        return [f"{cut(have)} days expected, more than {cut(least)} are needed: {counted(more, 'day')} more"]
    if reason == "insufficient_graded_credits":
        least, have = decimal(rule_set["min_graded_credits"]), credits(row["credits_graded"] or 0)
        courses = -(-(least - have) // decimal(rule_set["credits_per_semester_course"]))
        return [
            f"{cut(have)} graded credits, {cut(least)} are needed: {cut(least - have)} more "
            f"({counted(courses, 'semester course')})"
        ]
    return [MISSING.get(reason, str(reason))]
