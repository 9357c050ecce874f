{#- Rows of students as each district may see them: its own that began by the student's last day with it (the summer after
    a year's end belongs to the year), those of other districts that had ended by then, and everything for the district
    that the student left last. -#}
{% macro may_see(access, row_district, first_date, last_date) -%}
    (
        {{ access }}.is_last
        or greatest({{ first_date }}, {{ last_date }}) <= {{ access }}.last_day
        or (
            {{ row_district }} = {{ access }}.district_code
            and {{ first_date }} <= {{ access }}.last_day_with_summer
        )
    )
{%- endmacro %}

{#- Snapshots and movement also stand with the district that is credited with them, whatever their date. -#}
{% macro may_see_or_is_credited(access, credited_district, row_date) -%}
    (
        {{ access }}.is_last
        or {{ row_date }} <= {{ access }}.last_day
        or {{ credited_district }} = {{ access }}.district_code
    )
{%- endmacro %}

{#- Columns that become DOUBLE at the very end: days, credits and F equivalents. -#}
{% macro as_double(alias, columns) -%}
    {% for column in columns -%}
        cast({{ alias }}.{{ column }} as double) as {{ column }}{{ ", " if not loop.last }}
    {% endfor %}
{%- endmacro %}

{#- The published columns of a snapshot; student_snapshot and student_snapshot_current share them. -#}
{% macro released_snapshots(relation) -%}
    select
        access.district as _release_district,
        access.student_key,
        snapshot.snapshot_code,
        snapshot.cohort_year,
        snapshot.rule_set,
        snapshot.school_year,
        snapshot.grade_level,
        snapshot.is_first_time_grade9,
        snapshot.is_retained,
        snapshot.as_of,
        snapshot.is_frozen,
        snapshot.frozen_on,
        snapshot.district_code,
        snapshot.school_code,
        snapshot.gpa,
        {{
            as_double(
                "snapshot",
                [
                    "credits_graded",
                    "n_f_core",
                ],
            )
        }},
        snapshot.n_df_core,
        snapshot.n_df_elamath,
        {{
            as_double(
                "snapshot",
                ["credits_attempted", "credits_earned", "credits_earned_total", "credits_due"],
            )
        }},
        snapshot.credits_prorated,
        {{ as_double("snapshot", ["days_expected", "days_absent"]) }},
        snapshot.attendance_rate,
        cast(snapshot.suspension_days as double) as suspension_days,
        snapshot.n_suspensions,
        snapshot.lane,
        snapshot.lane_name,
        snapshot.on_track,
        snapshot.null_reason,
        snapshot.gate_failed,
        snapshot.reasons,
        {% for flag in snapshot_flag_names() -%} snapshot.{{ flag }}, {% endfor %}
        snapshot.partial_inputs,
        snapshot.n_core_marks
    from {{ relation }} as snapshot
    inner join
        {{ ref("district_access") }} as access
        on access.person_id = snapshot.person_id
        and {{ may_see_or_is_credited("access", "snapshot.district_code", "snapshot.as_of") }}
{%- endmacro %}
