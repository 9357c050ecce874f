"""A warehouse of a few rows, written by hand: two districts, three students, every published table.

For tests of the release, of the checks and of the pages; no dbt, no delivery.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

MODELS = Path(__file__).parents[2] / "dbt_project" / "models"
SNAPSHOT = (
    "student_key varchar, snapshot_code varchar, cohort_year integer, rule_set varchar, school_year integer, "
    "grade_level varchar, is_first_time_grade9 boolean, is_retained boolean, as_of date, is_frozen boolean, "
    "frozen_on date, district_code varchar, school_code varchar, gpa double, credits_graded double, n_f_core double, "
    "n_df_core integer, n_df_elamath integer, credits_attempted double, credits_earned double, "
    "credits_earned_total double, credits_due double, credits_prorated boolean, days_expected double, "
    "days_absent double, attendance_rate double, suspension_days double, n_suspensions integer, lane integer, "
    "lane_name varchar, on_track boolean, null_reason varchar, gate_failed varchar, reasons varchar[], "
    "hsr_core boolean, ew_g9 boolean, chicago_g9 boolean, partial_inputs varchar[]"
)
RESTRICTED = {
    "student": "student_key varchar, ssid varchar, district_code varchar, local_student_id varchar, birth_date date, "
    "gender varchar, race_ethnicity varchar, el_status varchar, first_grade9_year integer, first_grade9_source varchar",
    "student_group_year": "student_key varchar, school_year integer, group_type varchar, group_code varchar, "
    "district_code varchar, start_date date, end_date date",
    "enrollment": "student_key varchar, district_code varchar, school_code varchar, school_year integer, "
    "grade_level varchar, entry_date date, exit_date date, exit_reason varchar, enrollment_status varchar, "
    "is_primary boolean, days_expected double, known_from date",
    "course_mark": "student_key varchar, district_code varchar, school_code varchar, school_year integer, "
    "term_code varchar, term_kind varchar, section_id varchar, subject_area varchar, grade_level_taken varchar, "
    "mark_raw varchar, mark varchar, credits_attempted double, credits_earned double",
    "attendance_term": "student_key varchar, district_code varchar, school_code varchar, school_year integer, "
    "term_code varchar, days_expected double, days_absent double, days_excused double, days_unexcused double, "
    "days_oss double, days_iss double, days_is_nonada double, days_overlap_removed double, unrecorded_days double, "
    "attendance_rate double",
    "incident": "student_key varchar, incident_id varchar, district_code varchar, school_code varchar, "
    "school_year integer, incident_date date, suspension_type varchar, suspension_days double",
    "feed_coverage": "district_code varchar, school_year integer, feed varchar, is_available boolean",
    "student_term": "student_key varchar, school_year integer, term_code varchar, district_code varchar, school_code varchar",
    "student_snapshot": SNAPSHOT,
    "student_snapshot_current": SNAPSHOT,
    "snapshot_reason": "student_key varchar, snapshot_code varchar, cohort_year integer, rule_set varchar, position integer, "
    "gate varchar, measure varchar, op varchar, required double, actual double, sentence varchar",
    "student_year": "student_key varchar, school_year integer, level varchar, entity_code varchar, is_chronic boolean",
    "student_movement": "student_key varchar, cohort_year integer, basis varchar, end_snapshot_code varchar, "
    "rule_set varchar, district_code varchar, school_code varchar, start_lane integer, end_lane integer, "
    "movement varchar, no_movement_reason varchar",
    "movement_matrix": "cohort_year integer, basis varchar, end_snapshot_code varchar, start_lane integer, "
    "end_lane integer, rule_set varchar, n bigint",
}
OPEN = {
    "metric": "metric_code varchar, school_year integer, cohort_year integer, snapshot_code varchar, basis varchar, "
    "level varchar, entity_code varchar, entity_name varchar, group_type varchar, group_code varchar, "
    "rule_set varchar, numerator bigint, denominator bigint, value double, ci_low double, ci_high double, "
    "display varchar, is_provisional boolean, suppression varchar, warning varchar",
    "dim_district": "district_code varchar, district varchar, district_name varchar, system varchar, grad_credits double, "
    "period_absent_rule varchar, attendance_form varchar, term_system varchar, np_as_f boolean",
    "dim_school": "school_code varchar, district_code varchar, school_name varchar, school_type varchar, "
    "low_grade varchar, high_grade varchar, is_reporting boolean, first_school_year integer, last_school_year integer",
    "metric_definition": "metric_code varchar, name varchar, definition varchar, formula varchar, numerator varchar, "
    "denominator varchar, unit varchar, direction varchar, source varchar",
    "metric_condition": "metric_code varchar, table_name varchar, part varchar, condition varchar, adds varchar",
    "rule_set": "rule_set varchar, is_default boolean, lane_rule_version varchar, description varchar, "
    "baseline_points integer, movement_start varchar, movement_end varchar, aim_up double, aim_down double, "
    "n_highlight integer",
    "restatement": "district_code varchar, snapshot_code varchar, cohort_year integer, school_year integer, "
    "known_on date, decided_on date, reason varchar",
    "lane_rule": "version varchar, grade varchar, gate varchar, measure varchar, op varchar, value double",
    "btsc_membership": "school_code varchar, network varchar, cohort varchar, start_year integer, end_year integer",
    "student_group": "group_type varchar, group_code varchar, group_name varchar, complement_code varchar",
    "delivery_status": "district_code varchar, feed varchar, delivery varchar, delivery_date date, age_days integer, "
    "n_rows bigint, n_rejected bigint, held_deliveries varchar[]",
    "data_quality": "district_code varchar, school_year integer, measure varchar, value double, n bigint",
    "series_measure": "measure_code varchar, name varchar, definition varchar, counts varchar, direction varchar, "
    "chart_type varchar, period_kind varchar, metric_code varchar, snapshot_code varchar, basis varchar",
    "improvement_series": "measure_code varchar, level varchar, entity_code varchar, group_type varchar, group_code varchar, "
    "period_start date, period_label varchar, numerator double, n bigint, n_students bigint, value double, "
    "chart_type varchar, center double, lower_limit double, upper_limit double, signal varchar, phase integer, "
    "is_baseline boolean, pdsa_note varchar, is_provisional boolean, suppression varchar",
    "focus_area_progress": "district_code varchar, focus_area_id varchar, focus_area_name varchar, period varchar, "
    "period_start date, period_end date, measure_code varchar, group_type varchar, group_code varchar, baseline double, "
    "start_date date, aim double, aim_date date, value double, n bigint, on_line double, status varchar, "
    "not_evaluated_reason varchar, is_provisional boolean, suppression varchar",
    "capability": "level varchar, entity_code varchar, entity_name varchar, domain varchar, date date, rating integer, "
    "change integer, change_since_previous integer, school_year integer, start_school_year integer, outcome_code varchar, "
    "outcome double, outcome_change double, suppression varchar, is_in_summary boolean",
    "capability_summary": "level varchar, domain varchar, outcome_code varchar, n integer, rank_correlation double",
}
PARTNER = {
    "lane_validity": "snapshot_code varchar, predictor varchar, predictor_value varchar, outcome varchar, group_type varchar, "
    "group_code varchar, rule_set varchar, n bigint, n_outcome bigint, rate double, ci_low double, ci_high double, "
    "auc double, lane_auc double, calibration double, suppression varchar",
    "metric_quality": "metric_code varchar, level varchar, entity_code varchar, cohort_year integer, choice varchar, "
    "default_setting varchar, setting varchar, n_default bigint, value_default double, n bigint, value double, "
    "difference double, n_schools_judged bigint, n_schools_changed_side bigint, suppression varchar",
}
NORTH, SOUTH = "1111111", "0222222"
SCHOOL = {NORTH: "11111110000001", SOUTH: "02222220000002"}
KEY = {n: f"s_{n:024x}" for n in (1, 2, 3)}


def build(con: duckdb.DuckDBPyConnection) -> None:
    """Write every schema of the warehouse that the release and the checks read."""
    for schema in ("raw", "restricted", "partner", "public", "on_track", "harmonized"):
        con.execute(f"create schema if not exists {schema}")
    _raw(con)
    for table, columns in RESTRICTED.items():
        con.execute(f"create table restricted.{table} (_release_district varchar, {columns})")
    for tier in ("partner", "public"):
        for table, columns in OPEN.items():
            con.execute(f"create table {tier}.{table} ({columns})")
        for table, columns in _promised(f"published/{tier}/_{tier}_aims.yml").items():
            con.execute(f"create table {tier}.{table} ({columns})")
        _open(con, tier)
    _partner(con)
    for district, code, students in (("north", NORTH, (1, 2)), ("south", SOUTH, (3,))):
        for n in students:
            _student(con, district, code, n)
        for feed in ("enrollment", "marks", "attendance", "discipline", "programs"):
            con.execute("insert into restricted.feed_coverage values (?, ?, 2024, ?, true)", [district, code, feed])
    _comments(con)


def _promised(path: str) -> dict[str, str]:
    """Tables as a yml of the dbt project promises them: name in the database -> columns and types."""
    models = yaml.safe_load((MODELS / path).read_text(encoding="utf-8"))["models"]
    return {
        model["name"].split("__", 1)[1]: ", ".join(f"{c['name']} {c['data_type']}" for c in model["columns"])
        for model in models
    }


def _raw(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create table raw.delivery_feed (district_code varchar, provides varchar, n_rows bigint)")
    con.execute(
        "insert into raw.delivery_feed select d.code, f.feed, 10 from (values (?), (?)) as d(code) "
        "cross join (values ('enrollment'), ('marks'), ('attendance'), ('discipline')) as f(feed)",
        [NORTH, SOUTH],
    )
    con.execute("create table raw.run as select date '2024-07-31' as as_of")
    con.execute(
        "create table raw.district as select * from (values ('north', ?, 'North Unified', 'aeries', 'district'), "
        "('south', ?, 'South Unified', 'synergy', 'district')) t(district, district_code, district_name, system, kind)",
        [NORTH, SOUTH],
    )
    con.execute(
        "create table raw.delivery as select * from (values ('north', ?, '2024-07-01', date '2024-07-01', 'accepted', true), "
        "('south', ?, '2024-06-30', date '2024-06-30', 'accepted', true)) "
        "t(district, district_code, delivery, delivery_date, status, is_synthetic)",
        [NORTH, SOUTH],
    )


def _student(con: duckdb.DuckDBPyConnection, district: str, code: str, n: int) -> None:
    key, school = KEY[n], SCHOOL[code]
    con.execute(
        "insert into restricted.student values (?, ?, ?, ?, ?, '2009-01-05', 'F', 'HI', 'EO', 2024, 'enrollment')",
        [district, key, f"900000000{n}", code, f"L{n:05d}"],
    )
    con.execute(
        "insert into restricted.student_group_year values (?, ?, 2024, 'gender', 'F', ?, null, null)",
        [district, key, code],
    )
    con.execute(
        "insert into restricted.enrollment values (?, ?, ?, ?, 2024, '09', '2023-08-15', '2024-06-10', 'E155', '10', "
        "true, 180, '2024-06-30')",
        [district, key, code, school],
    )
    con.execute(
        "insert into restricted.course_mark values (?, ?, ?, ?, 2024, 'S1', 'semester', 'A-1', 'ELA', '09', 'B', 'B', 5, 5)",
        [district, key, code, school],
    )
    con.execute(
        "insert into restricted.attendance_term values (?, ?, ?, ?, 2024, 'S1', 90, 3, 2, 1, 0, 0, 0, 0, 0, 0.9666)",
        [district, key, code, school],
    )
    con.execute(
        "insert into restricted.incident values (?, ?, ?, ?, ?, 2024, '2024-02-01', 'OSS', 1)",
        [district, key, f"I-{n}", code, school],
    )
    con.execute("insert into restricted.student_term values (?, ?, 2024, 'S1', ?, ?)", [district, key, code, school])
    for table in ("student_snapshot", "student_snapshot_current"):
        con.execute(
            f"insert into restricted.{table} values (?, ?, 'G9_EOY', 2024, 'core5_v1', 2024, '09', true, false, "
            "'2024-06-10', true, '2024-07-25', ?, ?, 3.0, 60, 0, 0, 0, 60, 60, 60, 50, false, 180, 6, 0.9666, 0, 0, 4, "
            "'promising', true, null, 'G5', ['one D in MATH'], null, true, true, [])",
            [district, key, code, school],
        )
    con.execute(
        "insert into restricted.snapshot_reason values (?, ?, 'G9_EOY', 2024, 'core5_v1', 1, 'G5', 'n_df_core', '<=', 0, 1, "
        "'one D in MATH')",
        [district, key],
    )
    con.execute("insert into restricted.student_year values (?, ?, 2024, 'school', ?, false)", [district, key, school])
    con.execute(
        "insert into restricted.student_movement values (?, ?, 2024, 'G8_EOY', 'G9_EOY', 'core5_v1', ?, ?, 3, 4, 'up', null)",
        [district, key, code, school],
    )
    con.execute(
        "insert into restricted.movement_matrix select ?, 2024, 'G8_EOY', 'G9_EOY', 3, 4, 'core5_v1', 1 "
        "where not exists (select 1 from restricted.movement_matrix where _release_district = ?)",
        [district, district],
    )
    con.execute(
        "update restricted.movement_matrix set n = (select count(*) from restricted.student_movement m "
        "where m._release_district = movement_matrix._release_district)"
    )


def _open(con: duckdb.DuckDBPyConnection, tier: str) -> None:
    con.execute(
        f"insert into {tier}.metric values ('movement_rate', 2024, 2024, 'G9_EOY', 'G8_EOY', 'collaborative', 'CORE', "
        "'CORE Districts', 'all', 'ALL', 'core5_v1', 30, 90, 1/3, 0.24, 0.44, '33.3%', false, 'none', null)"
    )
    con.execute(
        f"insert into {tier}.rule_set values "
        "('core5_v1', true, 'core5_v1', 'Five lanes', 1, 'G8_EOY', 'G9_EOY', 0.2, 0.2, 20)"
    )
    con.execute(f"insert into {tier}.student_group values ('all', 'ALL', 'All students', null)")
    con.execute(
        f"insert into {tier}.metric_condition values ('movement_rate', 'student_movement', 'denominator', 'true', '1')"
    )
    con.execute(
        f"insert into {tier}.metric_definition values ('movement_rate', 'Movement rate', 'Who moved up', 'up / both lanes', "
        "'up', 'both lanes', 'rate', 'higher_is_better', 'domain')"
    )
    for code, name in ((NORTH, "north"), (SOUTH, "south")):
        con.execute(
            f"insert into {tier}.dim_district values (?, ?, ?, 'aeries', 220, 'all_periods', 'absences', 'semester', true)",
            [code, name, f"{name.title()} Unified"],
        )
        con.execute(
            f"insert into {tier}.dim_school values (?, ?, 'A School', 'high', '09', '12', true, 2023, 2024)",
            [SCHOOL[code], code],
        )
        con.execute(
            f"insert into {tier}.delivery_status values (?, 'marks', '2024-07-01', '2024-07-01', 30, 100, 0, [])",
            [code],
        )
        con.execute(f"insert into {tier}.data_quality values (?, 2024, 'unmapped_mark_share', 0, 100)", [code])

    _over_time(con, tier)


def _over_time(con: duckdb.DuckDBPyConnection, tier: str) -> None:
    con.execute(
        f"insert into {tier}.series_measure values ('attendance_month', 'Days attended', 'Days', 'days', "
        "'higher_is_better', 'run', 'month', null, null, null), ('movement_rate', 'Movement rate', 'Who moved up', "
        "'students', 'higher_is_better', 'p', 'annual', 'movement_rate', 'G9_EOY', 'G8_EOY')"
    )
    con.execute(
        f"insert into {tier}.improvement_series values "
        "('attendance_month', 'collaborative', 'CORE', 'all', 'ALL', '2024-05-01', '2024-05', 900, 1000, 50, 0.9, 'run', "
        "0.9, null, null, null, 1, true, null, false, 'none'), "
        "('movement_rate', 'collaborative', 'CORE', 'all', 'ALL', '2023-07-01', '2023-24', 30, 90, 90, 1/3, 'values', "
        "null, 0.24, 0.44, null, 1, false, null, false, 'none')"
    )
    con.execute(
        f"insert into {tier}.focus_area_progress values (?, 'F1', 'More move up', null, null, null, 'movement_rate', 'all', "
        "'ALL', null, '2024-01-01', 0.3, '2027-06-30', null, null, null, 'not_evaluated', 'no_figure', false, 'none')",
        [NORTH],
    )
    con.execute(
        f"insert into {tier}.capability values ('district', ?, 'North Unified', 'teaming', '2024-05-15', 2, 0, null, 2024, "
        "2024, 'movement_rate', null, null, 'none', false)",
        [NORTH],
    )


def _partner(con: duckdb.DuckDBPyConnection) -> None:
    for table, columns in PARTNER.items():
        con.execute(f"create table partner.{table} ({columns})")
    con.execute(
        "insert into partner.lane_validity values ('G9_EOY', 'lane', 'all', 'enrolled_g10', 'all', 'ALL', 'core5_v1', "
        "90, 60, 2/3, 0.56, 0.76, 0.7, 0.7, 0.1, 'none')"
    )
    con.execute(
        "insert into partner.metric_quality values ('movement_rate', 'collaborative', 'CORE', 2024, 'include_summer', "
        "'false', 'true', 90, 1/3, 90, 0.5, 0.5 - 1/3, null, null, 'none')"
    )


def _comments(con: duckdb.DuckDBPyConnection) -> None:
    for schema, table in con.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('restricted', 'partner', 'public')"
    ).fetchall():
        con.execute(f"comment on table {schema}.{table} is 'One row per thing; it''s {table}'")
        for (column,) in con.execute(
            "select column_name from duckdb_columns() where schema_name = ? and table_name = ?", [schema, table]
        ).fetchall():
            con.execute(f"comment on column {schema}.{table}.{column} is 'What {column} means'")
