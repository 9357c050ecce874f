{#- Counts from which metrics follow, name -> what a row must meet to be counted; or, for a sum, `where` and what the row
    `adds`. Rows and columns are those of the table that is published, so the same text counts a figure again there
    (metric_condition): days are cast, since there they are DOUBLE. Parameters are columns of rule_set. -#}
{% macro snapshot_counts() -%}
    {%- set counts = {"n_lane": "lane is not null", "n_low": "lane <= 2"} -%}
    {%- for k in range(1, 6) -%} {%- do counts.update({"lane_" ~ k: "lane = " ~ k}) -%} {%- endfor -%}
    {%- for flag in snapshot_flag_names() -%}
        {%- do counts.update({"n_" ~ flag: flag ~ " is not null", "y_" ~ flag: flag}) -%}
    {%- endfor -%}
    {%- set expected = "cast(days_expected as decimal(28, 12))" -%}
    {%- set attended = "cast(days_expected - days_absent as decimal(28, 12))" -%}
    {%- set share = attended ~ " {} * " ~ expected -%}
    {%- set has_days = "days_expected > 0 and days_absent is not null" -%}
    {%- set attempted = "credits_attempted > 0" -%}
    {%- do counts.update(
        {
            "n_courses": attempted,
            "n_f": attempted ~ " and n_f_core > 0",
            "n_df": attempted ~ " and n_df_core > 0",
            "n_on_pace": attempted ~ " and credits_earned >= credit_pace_per_year - 0.000001",
            "n_core_marked": "n_core_marks > 0",
            "core_marks": {"where": "n_core_marks > 0", "adds": "n_core_marks"},
            "core_df_marks": {"where": "n_core_marks > 0", "adds": "n_df_core"},
            "n_gpa": "gpa is not null",
            "n_days": has_days,
            "att_96": has_days ~ " and " ~ share.format(">= 0.96"),
            "att_90": has_days
            ~ " and "
            ~ share.format("> 0.90")
            ~ " and "
            ~ share.format("< 0.96"),
            "att_80": has_days
            ~ " and "
            ~ share.format("> 0.80")
            ~ " and "
            ~ share.format("<= 0.90"),
            "att_low": has_days ~ " and " ~ share.format("<= 0.80"),
            "n_partial": "len(partial_inputs) > 0",
        }
    ) -%}
    {{ return(counts) }}
{%- endmacro %}

{#- Why there is no movement, first that applies. -#}
{% macro movement_reasons() -%}
    {{
        return(
            [
                "end_not_due",
                "exited",
                "no_baseline",
                "no_attendance",
                "insufficient_days",
                "weighted_gpa_only",
                "no_marks",
                "insufficient_graded_credits",
                "not_in_lane_file",
            ]
        )
    }}
{%- endmacro %}

{#- As snapshot_counts, over rows of movement. What only the warehouse knows of a row (is_due, has_partial_inputs) is
    behind no metric. -#}
{% macro movement_counts() -%}
    {%- set counts = {
        "n_members": "true",
        "n_due": "is_due",
        "n_both": "movement is not null",
        "n_up": "movement = 'up'",
        "n_same": "movement = 'same'",
        "n_down": "movement = 'down'",
        "n_can_rise": "movement is not null and start_lane < top_lane",
        "n_start_low": "movement is not null and start_lane <= 2",
        "n_left_low": "movement is not null and start_lane <= 2 and end_lane >= 3",
        "n_end_low": "movement is not null and end_lane <= 2",
        "n_start_on": "movement is not null and start_lane >= 3",
        "n_fell": "movement is not null and start_lane >= 3 and end_lane <= 2",
        "n_partial": "has_partial_inputs",
    } -%}
    {%- for reason in movement_reasons() -%}
        {%- do counts.update({"r_" ~ reason: "no_movement_reason = '" ~ reason ~ "'"}) -%}
    {%- endfor -%}
    {{ return(counts) }}
{%- endmacro %}

{#- Students at a level in a school year and what the cut points of the default rule set make of their days. -#}
{% macro companion_members(relation) -%}
    select
        student.*,
        student.is_attendance_known
        and student.expected_parts > 2520 * rule_set.min_days_exclusive as has_enough_days,
        student.absent_parts >= rule_set.chronic_cut * student.expected_parts as is_chronic
    from {{ relation }} as student
    inner join {{ ref("rule_set") }} as rule_set on rule_set.is_default
{%- endmacro %}

{#- As snapshot_counts, over rows of companion_members. -#}
{% macro companion_counts() -%}
    {{
        return(
            {
                "n_cumulative": "true",
                "n_census": "is_census",
                "n_adjusted": "starts_in_year",
                "n_stable": "is_stable",
                "n_moved": "has_changed_school",
                "n_attending": "has_enough_days",
                "n_chronic": "has_enough_days and is_chronic",
                "n_attendance_unknown": "not is_attendance_known",
                "n_discipline": "is_discipline_known",
                "n_suspended": "is_discipline_known and n_suspensions > 0",
                "n_suspended_day": "is_discipline_known and n_suspensions > 0 and suspension_days >= 1",
                "n_discipline_unknown": "not is_discipline_complete",
            }
        )
    }}
{%- endmacro %}

{#- A count as an aggregate. -#}
{% macro count_aggregate(count) -%}
    {%- if count is string -%} count(*) filter (where {{ count }})
    {%- else -%} cast(coalesce(sum({{ count.adds }}) filter (where {{ count.where }}), 0) as bigint)
    {%- endif -%}
{%- endmacro %}

{% macro count_columns(counts) -%}
    {%- for name, count in counts.items() -%}
        {{ count_aggregate(count) }} as {{ name }} {{- ",\n" if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
