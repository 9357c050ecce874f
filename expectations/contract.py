"""The values and forms that published.md promises, as data for the suites of marts and of published tables."""

from __future__ import annotations

RELEASE_DISTRICT = "_release_district"

# Grain of each table of student grain, within the database of one district.
RESTRICTED_GRAIN: dict[str, tuple[str, ...]] = {
    "student": ("student_key",),
    "student_group_year": ("student_key", "school_year", "group_type", "group_code"),
    "enrollment": ("student_key", "school_code", "entry_date"),
    "course_mark": ("student_key", "school_code", "school_year", "section_id", "term_code"),
    "attendance_term": ("student_key", "school_code", "school_year", "term_code"),
    "incident": ("student_key", "incident_id", "district_code"),
    "feed_coverage": ("district_code", "school_year", "feed"),
    "student_term": ("student_key", "school_year", "term_code", "district_code", "school_code"),
    "student_snapshot": ("student_key", "snapshot_code", "cohort_year", "rule_set"),
    "student_snapshot_current": ("student_key", "snapshot_code", "cohort_year", "rule_set"),
    "snapshot_reason": ("student_key", "snapshot_code", "cohort_year", "rule_set", "position"),
    "student_movement": ("student_key", "cohort_year", "basis", "end_snapshot_code", "rule_set"),
    "student_year": ("student_key", "school_year", "level", "entity_code"),
    "movement_matrix": ("cohort_year", "basis", "end_snapshot_code", "start_lane", "end_lane", "rule_set"),
}

METRIC_GRAIN = (
    "metric_code",
    "cohort_year",
    "snapshot_code",
    "basis",
    "level",
    "entity_code",
    "group_type",
    "group_code",
    "rule_set",
)

DIMENSION_GRAIN: dict[str, tuple[str, ...]] = {
    "dim_district": ("district_code",),
    "dim_school": ("school_code",),
    "metric_definition": ("metric_code",),
    "metric_condition": ("metric_code", "part"),
    "rule_set": ("rule_set",),
    "student_group": ("group_type", "group_code"),
    "restatement": ("district_code", "snapshot_code", "cohort_year", "known_on"),
}

# Tables of the partner tier alone.
PARTNER_GRAIN: dict[str, tuple[str, ...]] = {
    "lane_validity": (
        "snapshot_code",
        "predictor",
        "predictor_value",
        "outcome",
        "group_type",
        "group_code",
        "rule_set",
    ),
    "metric_quality": ("metric_code", "level", "entity_code", "cohort_year", "choice"),
}

SERIES_POINT = ("measure_code", "level", "entity_code", "group_type", "group_code", "period_start")
# Tables over time, of both open tiers.
SERIES_GRAIN: dict[str, tuple[str, ...]] = {
    "improvement_series": SERIES_POINT,
    "series_measure": ("measure_code",),
    "focus_area_progress": ("district_code", "focus_area_id", "period"),
    "capability": ("level", "entity_code", "domain", "date"),
    "capability_summary": ("level", "domain", "outcome_code"),
}
# Made from shown figures of table metric, in both open tiers.
IMPROVEMENT_GRAIN: dict[str, tuple[str, ...]] = {
    "aim_progress": ("school_code", "btsc_cohort", "cohort_year", "rule_set"),
    "equity_gap": METRIC_GRAIN,
    "school_spread": (*METRIC_GRAIN[:6], "rule_set"),
    "school_funnel": (*METRIC_GRAIN[:6], "rule_set", "school_code"),
}
NOT_EVALUATED_REASONS = (
    "left_network",
    "not_frozen",
    "not_comparable",
    "no_baseline",
    "no_current",
    "hidden",
    "too_few",
    "zero_baseline",
    "no_school",
)

SNAPSHOTS = ("G8_EOY", "G9_T1", "G9_EOY", "G9_EOYS", "G10_EOY")
# a progress period for each code that a term can have
PROGRESS_SNAPSHOTS = tuple(f"G9_P{number}" for number in range(1, 12))
NULL_REASONS = (
    "not_enrolled",
    "not_in_lane_file",
    "no_attendance",
    "insufficient_days",
    "weighted_gpa_only",
    "no_marks",
    "insufficient_graded_credits",
)
GRADES = ("KN", *(f"{grade:02d}" for grade in range(1, 13)))

VALUES: dict[str, tuple[str, ...]] = {
    "grade_level": GRADES,
    "grade_level_taken": GRADES,
    "term_code": ("FY", "S1", "S2", "T1", "T2", "T3", "Q1", "Q2", "Q3", "Q4", "SS"),
    "term_kind": ("year", "semester", "trimester", "quarter", "summer"),
    "subject_area": ("ELA", "MATH", "SCIENCE", "SOCIAL_SCIENCE", "WORLD_LANGUAGE", "ARTS", "PE", "CTE", "OTHER"),
    "gate_failed": ("G2", "G3", "G4", "G5"),
    "movement": ("up", "same", "down"),
    "suspension_type": ("ISS", "OSS", "EXP"),
    "snapshot_code": SNAPSHOTS,
    "end_snapshot_code": ("G9_EOY", "G9_EOYS", "G10_EOY"),
    "basis": ("G8_EOY", "G9_T1", "G9_EOY"),
    "feed": ("enrollment", "marks", "attendance", "discipline", "programs"),
    "null_reason": NULL_REASONS,
    "no_movement_reason": ("end_not_due", "exited", "no_baseline", *NULL_REASONS[1:]),
    "race_ethnicity": ("AA", "AI", "AS", "FI", "HI", "PI", "MR", "WH", "NR"),
    "first_grade9_source": ("enrollment", "district"),
    "suppression": ("none", "suppressed", "coded"),
    "chart_type": ("run", "p", "values"),
    "status": ("met", "on_line", "behind", "not_evaluated"),
    "level": ("collaborative", "district", "school", "btsc_cohort"),
    "unit": ("rate", "difference", "ratio", "count", "gpa", "days"),
    "direction": ("higher_is_better", "lower_is_better"),
    "mark": (
        *(f"{letter}{sign}" for letter in "ABCD" for sign in ("", "+", "-")),
        *("F+", "F", "F-", "P", "NP", "I", "W"),
    ),
}

# Columns of coded values per table; the values stand in VALUES under the column's name.
CODED: dict[str, tuple[str, ...]] = {
    "student": ("race_ethnicity", "first_grade9_source"),
    "enrollment": ("grade_level",),
    "course_mark": ("term_code", "term_kind", "subject_area", "grade_level_taken", "mark"),
    "attendance_term": ("term_code",),
    "incident": ("suspension_type",),
    "feed_coverage": ("feed",),
    "student_term": ("term_code",),
    "student_snapshot": ("snapshot_code", "grade_level", "null_reason", "gate_failed"),
    "student_snapshot_current": ("snapshot_code", "grade_level", "null_reason", "gate_failed"),
    "student_movement": ("basis", "end_snapshot_code", "movement", "no_movement_reason"),
    "movement_matrix": ("basis", "end_snapshot_code"),
    "student_year": ("level",),
}

FORMS = {
    "student_key": "s_[0-9a-f]{24}",
    "district_code": "[0-9]{7}",
    "school_code": "[0-9]{14}",
    "ssid": "[0-9]{10}",
}

METRIC_TYPES = {
    "metric_code": "VARCHAR",
    "school_year": "INTEGER",
    "cohort_year": "INTEGER",
    "snapshot_code": "VARCHAR",
    "basis": "VARCHAR",
    "level": "VARCHAR",
    "entity_code": "VARCHAR",
    "entity_name": "VARCHAR",
    "group_type": "VARCHAR",
    "group_code": "VARCHAR",
    "rule_set": "VARCHAR",
    "numerator": "BIGINT",
    "denominator": "BIGINT",
    "value": "DOUBLE",
    "ci_low": "DOUBLE",
    "ci_high": "DOUBLE",
    "display": "VARCHAR",
    "is_provisional": "BOOLEAN",
    "suppression": "VARCHAR",
    "warning": "VARCHAR",
}

STUDENT_COLUMNS = ("student_key", "person_id", "ssid", "local_student_id", "birth_date")
