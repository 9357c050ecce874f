{#- The readiness and peer indicators of domain.md section 6, in the order in which they are published. -#}
{% macro snapshot_flag_names() -%}
    {{
        return(
            [
                "hsr_core",
                "ew_g9",
                "chicago_g9",
                "wa_g9",
                "or_g9",
                "phl_g9",
                "nyc_g9",
                "b_or_better",
                "lausd_ready",
                "ousd_warning",
                "abc",
                "abc_90",
                "ag_g9",
            ]
        )
    }}
{%- endmacro %}

{#- Each flag is NULL where there is no lane and on snapshots that do not carry it. Ratios are compared as sums;
    5 credits are a semester course, so 10 are a year of one subject. A suspension that is unknown (no discipline
    file) makes unknown what depends on there being none. -#}
{% macro snapshot_flags() -%}
    {%- set at_g8 = "lane is not null and role = 'G8'" -%}
    {%- set at_g9_end = "lane is not null and role = 'G9' and window_code in ('EOY', 'EOYS')" -%}
    {%- set days_attended = "(days_expected - days_absent)" -%}
    {%- set attends = days_attended ~ " >= hsr_att * days_expected" -%}
    {%- set year_of_one_subject = "2 * credits_per_semester_course - 0.000001" -%}
    case
        when {{ at_g8 }} and n_suspensions is not null
        then gpa_points >= 2.5 * credits_graded and {{ attends }} and n_df_elamath = 0 and n_suspensions = 0
    end as hsr_core,
    case
        when {{ at_g9_end }} and n_suspensions is not null
        then gpa_points >= 3 * credits_graded and {{ attends }} and n_df_elamath = 0 and n_suspensions = 0
    end as ew_g9,
    case
        when {{ at_g9_end }}
        then credits_earned >= credit_pace_per_year - 0.000001 and n_f_core <= 1 + 0.000001
    end as chicago_g9,
    case when {{ at_g9_end }} and credits_attempted > 0 then n_not_earned = 0 end as wa_g9,
    case when {{ at_g9_end }} then 4 * credits_earned >= grad_credits - 0.000001 end as or_g9,
    case
        when {{ at_g9_end }}
        then
            credits_earned_ela >= {{ year_of_one_subject }}
            and credits_earned_math >= {{ year_of_one_subject }}
            and credits_earned_science >= {{ year_of_one_subject }}
            and credits_earned_social_science >= {{ year_of_one_subject }}
            and credits_earned >= 10 * credits_per_semester_course - 0.000001
    end as phl_g9,
    case
        when {{ at_g9_end }} then credits_earned >= 10 * credits_per_semester_course - 0.000001
    end as nyc_g9,
    case when {{ at_g9_end }} then gpa_points >= 3 * credits_graded end as b_or_better,
    case
        when {{ at_g8 }} and n_suspensions is not null
        then n_df_core = 0 and {{ attends }} and n_suspensions = 0
    end as lausd_ready,
    case
        when lane is not null
        then
            coalesce(has_latest_ela_f, false)
            or coalesce(has_latest_math_f, false)
            or {{ days_attended }} <= (1 - severe_cut) * days_expected
            or n_oss_suspensions > 1
    end as ousd_warning,
    case
        when lane is not null
        then
            {{ days_attended }} < (1 - severe_cut) * days_expected
            or n_suspensions > 0
            or n_f_math > 0
            or n_f_ela > 0
    end as abc,
    case
        when lane is not null
        then
            {{ days_attended }} <= (1 - chronic_cut) * days_expected
            or n_suspensions > 0
            or n_f_math > 0
            or n_f_ela > 0
    end as abc_90,
    case when {{ at_g9_end }} and n_ag_attempted > 0 then n_ag_failed = 0 end as ag_g9
{%- endmacro %}
