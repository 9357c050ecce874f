{#- Metrics of one snapshot: code, counts that are numerator and denominator, students behind it (`n`), and the snapshots
    that carry it. Flags stand wherever the flag does; the rest where domain.md section 5 and 6 name it. -#}
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

{#- Metrics without a numerator: what is taken of the students of `n_gpa`. -#}
{% macro gpa_metrics() -%} {{ return({"mean_gpa": "avg(gpa)", "median_gpa": "median(gpa)"}) }} {%- endmacro %}

{#- Metrics of change. `at` names the basis; from grade 9 to grade 10 moving up has a name of its own. `less` is taken off
    the numerator. -#}
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
        ("net_movement", "n_up", "n_both", none),
        ("off_track_rate_9_10", "n_end_low", "n_both", grade10),
        ("fell_off_rate", "n_fell", "n_start_on", grade10),
        ("recovered_rate", "n_left_low", "n_start_low", grade10),
        ("coverage", "n_both", "n_members", none),
    ] -%}
        {%- set less = "n_down" if code == "net_movement" else none -%}
        {%- do metrics.append({"code": code, "num": num, "less": less, "den": den, "n": den, "at": at}) -%}
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

{#- Every metric taken apart: its code, the restricted table that it counts, the part of the figure (denominator,
    numerator, subtracted from the numerator, or value of the rows in the denominator), the count behind that. -#}
{% macro metric_parts() -%}
    {%- set parts = [] -%}
    {%- for table, counts, metrics in [
        ("student_snapshot", snapshot_counts(), snapshot_metrics()),
        ("student_movement", movement_counts(), movement_metrics()),
        ("student_year", companion_counts(), companion_metrics()),
    ] -%}
        {%- for m in metrics -%}
            {%- for part, name in [("denominator", m.den), ("numerator", m.num), ("subtracted", m.less)]
            if name -%}
                {%- set count = counts[name] -%}
                {%- do parts.append(
                    {
                        "code": m.code,
                        "table": table,
                        "part": part,
                        "where": count if count is string else count.where,
                        "adds": "1" if count is string else count.adds,
                    }
                ) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for code, value in gpa_metrics().items() -%}
        {%- for part, adds in [("denominator", "1"), ("value", value)] -%}
            {%- do parts.append(
                {
                    "code": code,
                    "table": "student_snapshot",
                    "part": part,
                    "where": snapshot_counts()["n_gpa"],
                    "adds": adds,
                }
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(parts) }}
{%- endmacro %}
