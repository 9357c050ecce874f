-- One row per choice under which lanes are computed, first-time ninth grader, cohort_year and
-- snapshot_code (G8_EOY, G9_EOY, G9_EOYS, G10_EOY) with a measure, as known tonight: the lane when one
-- choice is made otherwise.
with
    choices as (
        select
            choice.choice,
            choice.window_choice,
            choice.susp_measure,
            rule_set.lane_rule_version,
            rule_set.plus_minus,
            coalesce(choice.min_graded_credits, rule_set.min_graded_credits) as min_graded_credits,
            coalesce(choice.min_days_exclusive, rule_set.min_days_exclusive) as min_days_exclusive
        from {{ ref("sensitivity_choice") }} as choice
        inner join
            {{ ref("rule_set") }} as rule_set
            on case
                when choice.rule_set is null then rule_set.is_default else rule_set.rule_set = choice.rule_set
            end
        where {{ changes_lanes("choice") }}
    ),

    rules as ({{ lane_rules_side_by_side(ref("lane_rule")) }}),

    roles as (
        select student_window.*, definition.role, definition.snapshot_code, ninth_grader.cohort_year
        from {{ ref("student_window") }} as student_window
        inner join
            {{ ref("snapshot_definition") }} as definition
            on definition.window_code = student_window.window_code
        inner join
            {{ ref("ninth_grader") }} as ninth_grader
            on ninth_grader.person_id = student_window.person_id
            and ninth_grader.cohort_year = student_window.school_year - definition.year_offset
        where
            student_window.vantage = 'current'
            and ninth_grader.is_first_time
            and definition.snapshot_code <> 'G9_T1'
            and {{ has_role("definition", "student_window") }}
    ),

    windows as (
        select
            choices.*,
            roles.* replace (
                {% for measure in ("n_f_core", "n_df_core", "n_df_elamath", "days_absent") -%}
                    coalesce(changed.{{ measure }}, roles.{{ measure }}) as {{ measure }},
                {% endfor -%}
                case
                    when choices.susp_measure = 'full_day' and roles.suspension_days < 1
                    then 0
                    else roles.n_suspensions
                end as n_suspensions
            )
        from roles
        cross join choices
        left join
            {{ ref("sensitivity_window") }} as changed
            on changed.choice = choices.window_choice
            and changed.person_id = roles.person_id
            and changed.school_year = roles.school_year
            and changed.window_code = roles.window_code
    ),

    inputs as (
        select
            windows.choice,
            windows.person_id,
            windows.cohort_year,
            windows.snapshot_code,
            {{ lane_inputs("windows", "windows") }},
            rules.* exclude (version, grade),
            case
                when not windows.is_enrolled_on_as_of
                then 'not_enrolled' {{ reasons_without_lane("windows", "windows") }}
            end as null_reason
        from windows
        inner join
            rules
            on rules.version = windows.lane_rule_version
            and rules.grade = lpad(right(windows.role, -1), 2, '0')
    ),

    judged as (select *, {{ lane_failures() }} from inputs),

    stopped as (
        select *, case when null_reason is null then {{ first_gate_failed() }} end as gate_failed from judged
    )

select
    choice,
    person_id,
    cohort_year,
    snapshot_code,
    case
        when null_reason is null
        then cast(coalesce(cast(right(gate_failed, -1) as integer) - 1, top_lane) as integer)
    end as lane,
    cast(top_lane as integer) as top_lane,
    null_reason
from stopped
