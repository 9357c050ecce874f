{#- Counts from which the metrics of one snapshot follow, over members of the cohort. Name -> SQL aggregate. -#}
{% macro snapshot_counts() -%}
    {%- set counts = {"n_lane": "count(lane)", "n_low": "count(*) filter (lane <= 2)"} -%}
    {%- for k in range(1, 6) -%}
        {%- do counts.update({"lane_" ~ k: "count(*) filter (lane = " ~ k ~ ")"}) -%}
    {%- endfor -%}
    {%- for flag in snapshot_flag_names() -%}
        {%- do counts.update(
            {"n_" ~ flag: "count(" ~ flag ~ ")", "y_" ~ flag: "count(*) filter (" ~ flag ~ ")"}
        ) -%}
    {%- endfor -%}
    {%- set days_attended = "(days_expected - days_absent)" -%}
    {%- do counts.update(
        {
            "n_courses": "count(*) filter (credits_attempted > 0)",
            "n_f": "count(*) filter (credits_attempted > 0 and n_f_core > 0)",
            "n_df": "count(*) filter (credits_attempted > 0 and n_df_core > 0)",
            "n_on_pace": "count(*) filter (credits_attempted > 0 and credits_earned >= 50 - 0.000001)",
            "n_core_marked": "count(*) filter (n_core_marks > 0)",
            "core_marks": "cast(coalesce(sum(n_core_marks), 0) as bigint)",
            "core_df_marks": "cast(coalesce(sum(n_core_df_marks), 0) as bigint)",
            "n_gpa": "count(gpa)",
            "sum_gpa": "coalesce(sum(cast(gpa as decimal(18, 12))), 0)",
            "n_days": "count(*) filter (days_expected > 0 and days_absent is not null)",
            "att_96": "count(*) filter (days_expected > 0 and "
            ~ days_attended
            ~ " >= 0.96 * days_expected)",
            "att_90": "count(*) filter (days_expected > 0 and "
            ~ days_attended
            ~ " > 0.90 * days_expected and "
            ~ days_attended
            ~ " < 0.96 * days_expected)",
            "att_80": "count(*) filter (days_expected > 0 and "
            ~ days_attended
            ~ " > 0.80 * days_expected and "
            ~ days_attended
            ~ " <= 0.90 * days_expected)",
            "att_low": "count(*) filter (days_expected > 0 and "
            ~ days_attended
            ~ " <= 0.80 * days_expected)",
            "n_partial": "count(*) filter (len(partial_inputs) > 0)",
        }
    ) -%}
    {{ return(counts) }}
{%- endmacro %}

{#- Metrics of one snapshot: code, numerator, denominator, students behind it (`n`), and the snapshots that carry it.
    Flags stand wherever the flag does; the rest where domain.md section 5 and 6 name it. -#}
{% macro snapshot_metrics() -%}
    {%- set eoy = ["G9_EOY"] -%}
    {%- set metrics = [
        {"code": "vulnerable_rate", "num": "n_low", "den": "n_lane", "n": "n_lane", "at": eoy}
    ] -%}
    {%- for k in range(1, 6) -%}
        {%- do metrics.append(
            {
                "code": "lane_dist_" ~ k,
                "num": "lane_" ~ k,
                "den": "n_lane",
                "n": "n_lane",
                "at": ["G9_T1", "G9_EOY"],
            }
        ) -%}
    {%- endfor -%}
    {%- for flag in snapshot_flag_names() -%}
        {%- do metrics.append(
            {
                "code": flag ~ "_rate",
                "num": "y_" ~ flag,
                "den": "n_" ~ flag,
                "n": "n_" ~ flag,
                "at": none,
            }
        ) -%}
    {%- endfor -%}
    {%- for code, num, den, n in [
        ("any_f_core_rate", "n_f", "n_courses", "n_courses"),
        ("any_df_core_rate", "n_df", "n_courses", "n_courses"),
        ("credit_pace_rate", "n_on_pace", "n_courses", "n_courses"),
        ("df_mark_share", "core_df_marks", "core_marks", "n_core_marked"),
        ("attendance_96", "att_96", "n_days", "n_days"),
        ("attendance_90_96", "att_90", "n_days", "n_days"),
        ("attendance_80_90", "att_80", "n_days", "n_days"),
        ("attendance_below_80", "att_low", "n_days", "n_days"),
    ] -%}
        {%- do metrics.append({"code": code, "num": num, "den": den, "n": n, "at": eoy}) -%}
    {%- endfor -%}
    {{ return(metrics) }}
{%- endmacro %}

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

{#- Counts from which the metrics of change follow, over members of the cohort. -#}
{% macro movement_counts() -%}
    {%- set counts = {
        "n_members": "count(*)",
        "n_due": "count(*) filter (is_due)",
        "n_both": "count(movement)",
        "n_up": "count(*) filter (movement = 'up')",
        "n_same": "count(*) filter (movement = 'same')",
        "n_down": "count(*) filter (movement = 'down')",
        "n_can_rise": "count(*) filter (movement is not null and start_lane < top_lane)",
        "n_start_low": "count(*) filter (movement is not null and start_lane <= 2)",
        "n_left_low": "count(*) filter (movement is not null and start_lane <= 2 and end_lane >= 3)",
        "n_end_low": "count(*) filter (movement is not null and end_lane <= 2)",
        "n_start_on": "count(*) filter (movement is not null and start_lane >= 3)",
        "n_fell": "count(*) filter (movement is not null and start_lane >= 3 and end_lane <= 2)",
        "n_partial": "count(*) filter (has_partial_inputs)",
    } -%}
    {%- for reason in movement_reasons() -%}
        {%- do counts.update({"r_" ~ reason: "count(*) filter (no_movement_reason = '" ~ reason ~ "')"}) -%}
    {%- endfor -%}
    {{ return(counts) }}
{%- endmacro %}

{#- Metrics of change. `at` names the basis; from grade 9 to grade 10 moving up has a name of its own. -#}
{% macro movement_metrics() -%}
    {%- set grade9, grade10 = ["G8_EOY", "G9_T1"], ["G9_EOY"] -%}
    {%- set metrics = [] -%}
    {%- for code, num, den, at in [
        ("movement_rate", "n_up", "n_both", grade9),
        ("move_up_9_10", "n_up", "n_both", grade10),
        ("movement_rate_x5", "n_up", "n_can_rise", none),
        ("exit_rate_v", "n_left_low", "n_start_low", none),
        ("down_rate", "n_down", "n_both", none),
        ("same_rate", "n_same", "n_both", none),
        ("net_movement", "n_up - n_down", "n_both", none),
        ("off_track_rate_9_10", "n_end_low", "n_both", grade10),
        ("fell_off_rate", "n_fell", "n_start_on", grade10),
        ("recovered_rate", "n_left_low", "n_start_low", grade10),
        ("coverage", "n_both", "n_members", none),
    ] -%}
        {%- do metrics.append({"code": code, "num": num, "den": den, "n": den, "at": at}) -%}
    {%- endfor -%}
    {%- for reason in movement_reasons() -%}
        {%- do metrics.append(
            {
                "code": "coverage_" ~ reason,
                "num": "r_" ~ reason,
                "den": "n_members",
                "n": "n_members",
                "at": none,
            }
        ) -%}
    {%- endfor -%}
    {{ return(metrics) }}
{%- endmacro %}

{#- State-aligned companions, from counts that were taken at each level. Where all enrollments are,
    no feed is missing: `partial` is 0. -#}
{% macro companion_metrics() -%}
    {%- set metrics = [] -%}
    {%- for code, num, den, partial in [
        ("chronic_absenteeism_rate", "n_chronic", "n_attending", "n_attendance_unknown"),
        ("suspension_rate_any", "n_suspended", "n_discipline", "n_discipline_unknown"),
        ("suspension_rate_day", "n_suspended_day", "n_discipline", "n_discipline_unknown"),
        ("census_enrollment", "n_census", "n_census", 0),
        ("cumulative_enrollment", "n_cumulative", "n_cumulative", 0),
        ("stability_rate", "n_stable", "n_adjusted", 0),
        ("mobility_rate", "n_moved", "n_cumulative", 0),
    ] -%}
        {%- do metrics.append(
            {"code": code, "num": num, "den": den, "n": den, "at": none, "partial": partial}
        ) -%}
    {%- endfor -%}
    {{ return(metrics) }}
{%- endmacro %}

{#- Wide counts per school -> one row per metric, a struct list unnested: one pass over the counts. `partial` of a metric
    names the count of students of whom a feed is missing. -#}
{% macro unnest_metrics(metrics, carrier) -%}
    unnest(
        [
            {% for m in metrics -%}
                struct_pack(
                    metric_code := '{{ m.code }}',
                    is_carried := {% if m.at %} {{ carrier }} in ('{{ m.at | join("', '") }}')
                    {% else %} true
                    {% endif %},
                    numerator := cast({{ m.num }} as bigint),
                    denominator := cast({{ m.den }} as bigint),
                    n_students := cast({{ m.n }} as bigint),
                    n_family := '{{ m.n }}',
                    has_partial_inputs := {{ m.partial | default("n_partial") }} > 0
                ){{ "," if not loop.last }}
            {% endfor %}
        ]
    )
{%- endmacro %}

{#- Counts by school (NULL: credited to none) added up to every level. Each student is credited to one school and one
    district at the most, so counts add up; nothing is read twice from the students. -#}
{% macro entity_rollup(relation, keys, counts) -%}
    {%- set sums -%}
        {% for name in counts -%} sum({{ name }}) as {{ name }}{{ ", " if not loop.last }} {% endfor %}
    {%- endset -%}
    {%- set key_list = keys | join(", ") -%}
    select
        'collaborative' as level,
        'CORE' as entity_code,
        cast(null as varchar) as parent_code,
        {{ key_list }},
        {{ sums }}
    from {{ relation }}
    group by all
    union all
    select 'district', district_code, 'CORE', {{ key_list }}, {{ sums }}
    from {{ relation }}
    where district_code is not null
    group by all
    union all
    select 'school', school_code, min(district_code), {{ key_list }}, {{ sums }}
    from {{ relation }}
    where school_code is not null
    group by school_code, {{ key_list }}
    union all
    select 'btsc_cohort', btsc_school.entity_code, cast(null as varchar), {{ key_list }}, {{ sums }}
    from {{ relation }} as counted
    inner join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = counted.school_code
    group by all
{%- endmacro %}

{#- Rows of students, once for All and once for each group of the student in `school_year`. -#}
{% macro by_group(relation) -%}
    select *, 'all' as group_type, 'ALL' as group_code
    from {{ relation }}
    union all
    select counted.*, student_group.group_type, student_group.group_code
    from {{ relation }} as counted
    inner join
        {{ ref("student_group_year") }} as student_group
        on student_group.person_id = counted.person_id
        and student_group.school_year = counted.school_year
{%- endmacro %}
