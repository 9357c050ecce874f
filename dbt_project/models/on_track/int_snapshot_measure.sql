{%- set measures = [
    "credits_graded",
    "n_f_core",
    "n_df_core",
    "n_df_elamath",
    "credits_attempted",
    "credits_earned",
    "credits_earned_total",
    "credits_due",
    "credits_prorated",
    "days_expected",
    "days_absent",
] -%}
-- One row per vantage, person_id, school_year, window_code, role and rule_set: lane, reasons and flags. A
-- freeze measures everybody who may turn out to be in a cohort, since nobody knows yet who will be;
-- tonight's vantage only those of tonight's cohorts.
with
    roles as (
        select
            student_window.*,
            definition.role,
            definition.snapshot_code,
            definition.year_offset,
            right(definition.role, -1) as role_grade
        from {{ ref("student_window") }} as student_window
        inner join
            {{ ref("snapshot_definition") }} as definition
            on definition.window_code = student_window.window_code
        where
            {{ has_role("definition", "student_window") }}
            and (
                student_window.vantage <> 'current'
                or exists (
                    select 1
                    from {{ ref("ninth_grader") }} as ninth_grader
                    where
                        ninth_grader.person_id = student_window.person_id
                        and ninth_grader.cohort_year = student_window.school_year - definition.year_offset
                )
            )
    ),

    -- how the student is called in each district at that vantage: the way from a frozen row to tonight's
    -- student
    local_ids as (
        select vantage, person_id, list_sort(list(district_code || ':' || local_student_id)) as local_ids
        from {{ ref("student_local") }} as student_local
        semi join roles on roles.vantage = student_local.vantage and roles.person_id = student_local.person_id
        group by vantage, person_id
    ),

    rules as ({{ lane_rules_side_by_side(ref("lane_rule")) }}),

    inputs as (
        select
            roles.vantage,
            roles.person_id,
            roles.school_year,
            roles.window_code,
            roles.role,
            roles.snapshot_code,
            rule_set.rule_set,
            rule_set.scheme,
            coalesce(local_ids.local_ids, []) as local_ids,
            roles.as_of,
            roles.grade_level,
            roles.is_enrolled_on_as_of,
            roles.has_grade9_primary,
            roles.first_grade9_year,
            roles.is_first_time_grade9,
            -- a leaver is credited to the last school in the ninth-grade year only
            case
                when roles.role = 'G9' or roles.is_enrolled_on_as_of then roles.district_code
            end as district_code,
            case
                when roles.role = 'G9' or roles.is_enrolled_on_as_of then roles.school_code
            end as school_code,
            {{ lane_inputs("roles", "rule_set") }},
            roles.n_f_ela,
            roles.n_f_math,
            roles.has_latest_ela_f,
            roles.has_latest_math_f,
            roles.n_marks,
            roles.n_core_marks,
            cast(roles.credits_attempted as decimal(28, 12)) as credits_attempted,
            cast(roles.credits_earned as decimal(28, 12)) as credits_earned,
            roles.credits_prorated,
            cast(roles.credits_earned_ela as decimal(28, 12)) as credits_earned_ela,
            cast(roles.credits_earned_math as decimal(28, 12)) as credits_earned_math,
            cast(roles.credits_earned_science as decimal(28, 12)) as credits_earned_science,
            cast(roles.credits_earned_social_science as decimal(28, 12)) as credits_earned_social_science,
            roles.n_ag_attempted,
            roles.n_ag_failed,
            roles.n_not_earned,
            cast(roles.grad_credits as decimal(28, 12)) as grad_credits,
            cast(roles.days_absent as decimal(28, 12)) as days_absent,
            case
                when roles.days_expected > 0
                then
                    cast(roles.days_expected - roles.days_absent as double)
                    / cast(roles.days_expected as double)
            end as attendance_rate,
            case when roles.is_discipline_known then roles.suspension_days end as suspension_days,
            case when roles.is_discipline_known then roles.n_oss_suspensions end as n_oss_suspensions,
            roles.partial_inputs,
            roles.low_core_marks,
            roles.f_core_marks,
            roles.df_elamath_marks,
            rules.* exclude (version, grade),
            rule_set.hsr_att,
            rule_set.severe_cut,
            rule_set.chronic_cut,
            rule_set.credit_pace_per_year,
            rule_set.credits_per_semester_course,
            rule_set.lane_rule_version is null as is_external,
            external_lane.lane as external_lane,
            case
                when not roles.is_enrolled_on_as_of
                then 'not_enrolled'
                -- whoever computed a lane elsewhere decided what it needs
                when rule_set.lane_rule_version is null
                then
                    case when external_lane.lane is null then 'not_in_lane_file' end
                    {{ reasons_without_lane("roles", "rule_set") }}
            end as null_reason
        from roles
        cross join {{ ref("rule_set") }} as rule_set
        left join
            rules
            on rules.version = rule_set.lane_rule_version
            and rules.grade = lpad(roles.role_grade, 2, '0')
        left join
            {{ ref("external_lane") }} as external_lane
            on external_lane.vantage = roles.vantage
            and external_lane.person_id = roles.person_id
            and external_lane.rule_set = rule_set.rule_set
            and external_lane.snapshot_code = roles.snapshot_code
            and external_lane.cohort_year = roles.school_year - roles.year_offset
        left join local_ids on local_ids.vantage = roles.vantage and local_ids.person_id = roles.person_id
    ),

    with_gpa as (
        select
            *,
            case
                when credits_graded > 0 then cast(gpa_points as double) / cast(credits_graded as double)
            end as gpa
        from inputs
    ),

    judged as (select *, {{ lane_failures() }} from with_gpa),

    stopped as (
        select *, case when null_reason is null then {{ first_gate_failed() }} end as gate_failed from judged
    ),

    laned as (
        select
            *,
            {{ failures_at_gate() }}
            case
                when null_reason is not null
                then null
                when is_external
                then external_lane
                else coalesce(cast(right(gate_failed, -1) as integer) - 1, top_lane)
            end as lane
        from stopped
    ),

    flagged as (select *, {{ snapshot_flags() }} from laned)

select
    vantage,
    person_id,
    school_year,
    window_code,
    role,
    rule_set,
    local_ids,
    as_of,
    grade_level,
    is_enrolled_on_as_of,
    has_grade9_primary,
    first_grade9_year,
    is_first_time_grade9,
    district_code,
    school_code,
    gpa,
    {{ measures | join(", ") }},
    attendance_rate,
    suspension_days,
    n_suspensions,
    n_marks,
    n_core_marks,
    cast(flagged.lane as integer) as lane,
    lane_name.lane_name,
    flagged.lane >= 3 as on_track,
    null_reason,
    gate_failed,
    case when flagged.lane is not null then {{ lane_reasons() }} end as reasons,
    {{ snapshot_flag_names() | join(", ") }},
    partial_inputs
from flagged
left join
    {{ ref("lane_name") }} as lane_name on lane_name.scheme = flagged.scheme and lane_name.lane = flagged.lane
