{%- set later_credits = [
    "credits_earned",
    "credits_earned_ela",
    "credits_earned_math",
    "credits_earned_science",
    "credits_earned_social_science",
] -%}
{%- set later_marks = ["n_ag_attempted", "n_ag_failed", "n_not_earned"] -%}
-- One row per person_id, snapshot_code (G9_P1, G9_P2, ...), cohort_year and rule_set, with the columns of
-- student_snapshot: provisional, as known tonight, never frozen and in no figure.
with
    windows as (select *, 'G9' as role, 'PROGRESS' as window_code from {{ ref("progress_window") }}),

    rules as ({{ lane_rules_side_by_side(ref("lane_rule")) }}),

    inputs as (
        select
            windows.person_id,
            windows.school_year,
            windows.period,
            windows.role,
            windows.window_code,
            rule_set.rule_set,
            rule_set.scheme,
            windows.as_of,
            windows.grade_level,
            windows.is_first_time_grade9,
            windows.district_code,
            windows.school_code,
            {{ lane_inputs("windows", "rule_set") }},
            windows.n_f_ela,
            windows.n_f_math,
            -- the marks of one period are the latest together
            windows.n_f_ela > 0 as has_latest_ela_f,
            windows.n_f_math > 0 as has_latest_math_f,
            windows.n_marks,
            windows.n_core_marks,
            cast(windows.credits_attempted as decimal(28, 12)) as credits_attempted,
            windows.credits_prorated,
            -- in-year marks earn nothing; what only flags of the year's end look at
            {% for column in later_credits -%} cast(0 as decimal(28, 12)) as {{ column }}, {% endfor %}
            {% for column in later_marks -%} 0 as {{ column }}, {% endfor %}
            cast(null as decimal(28, 12)) as grad_credits,
            cast(windows.days_absent as decimal(28, 12)) as days_absent,
            case
                when windows.days_expected > 0
                then
                    cast(windows.days_expected - windows.days_absent as double)
                    / cast(windows.days_expected as double)
            end as attendance_rate,
            case when windows.is_discipline_known then windows.suspension_days end as suspension_days,
            case when windows.is_discipline_known then windows.n_oss_suspensions end as n_oss_suspensions,
            windows.partial_inputs,
            windows.low_core_marks,
            windows.f_core_marks,
            windows.df_elamath_marks,
            rules.* exclude (version, grade),
            rule_set.hsr_att,
            rule_set.severe_cut,
            rule_set.chronic_cut,
            rule_set.credit_pace_per_year,
            rule_set.credits_per_semester_course,
            case {{ reasons_without_lane("windows", "rule_set") }} end as null_reason
        from windows
        -- whoever computes lanes elsewhere sends them for the snapshots of the year
        inner join {{ ref("rule_set") }} as rule_set on rule_set.lane_rule_version is not null
        inner join rules on rules.version = rule_set.lane_rule_version and rules.grade = '09'
    ),

    judged as (
        select
            *,
            {{ lane_failures() }},
            case
                when credits_graded > 0 then cast(gpa_points as double) / cast(credits_graded as double)
            end as gpa
        from inputs
    ),

    stopped as (
        select *, case when null_reason is null then {{ first_gate_failed() }} end as gate_failed from judged
    ),

    laned as (
        select
            *,
            {{ failures_at_gate() }}
            case
                when null_reason is null then coalesce(cast(right(gate_failed, -1) as integer) - 1, top_lane)
            end as lane
        from stopped
    ),

    flagged as (select *, {{ snapshot_flags() }} from laned),

    named as (
        select
            flagged.* replace (cast(flagged.lane as integer) as lane),
            lane_name.lane_name,
            flagged.lane >= 3 as on_track,
            case when flagged.lane is not null then {{ lane_reasons() }} end as reasons
        from flagged
        left join
            {{ ref("lane_name") }} as lane_name
            on lane_name.scheme = flagged.scheme
            and lane_name.lane = flagged.lane
    )

select
    person_id,
    'G9_P' || period as snapshot_code,
    cast(school_year as integer) as cohort_year,
    rule_set,
    cast(school_year as integer) as school_year,
    grade_level,
    is_first_time_grade9,
    false as is_retained,
    as_of,
    false as is_frozen,
    cast(null as date) as frozen_on,
    district_code,
    school_code,
    {{ snapshot_measure_columns() | join(", ") }}
from named
