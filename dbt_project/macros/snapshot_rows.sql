{#- Columns of a snapshot that follow from its measures, in the order of publication, and what the type of each is
    on_track (DECIMAL until it is published). -#}
{% macro snapshot_measure_columns() -%}
    {{
        return(
            [
                "gpa",
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
                "attendance_rate",
                "suspension_days",
                "n_suspensions",
                "lane",
                "lane_name",
                "on_track",
                "null_reason",
                "gate_failed",
                "reasons",
            ]
            + snapshot_flag_names()
            + ["partial_inputs", "n_marks", "n_core_marks"]
        )
    }}
{%- endmacro %}

{#- Snapshot rows of people (alias `people`, from snapshot_person) with the measures of a vantage. Nobody without a
    measure is left out: the student was not enrolled. -#}
{% macro snapshot_rows(people, vantage, person_id) -%}
    select
        people.person_id,
        people.snapshot_code,
        people.cohort_year,
        rule_set.rule_set,
        people.school_year,
        measure.grade_level,
        people.is_first_time as is_first_time_grade9,
        coalesce(people.snapshot_code = 'G10_EOY' and measure.grade_level = '09', false) as is_retained,
        coalesce(measure.as_of, people.as_of) as as_of,
        people.is_frozen,
        case when people.is_frozen then coalesce(restated.known_on, people.frozen_on) end as frozen_on,
        measure.district_code,
        measure.school_code,
        {% for column in snapshot_measure_columns() if column not in ("null_reason", "partial_inputs") -%}
            measure.{{ column }},
        {% endfor -%}
        case when measure.person_id is null then 'not_enrolled' else measure.null_reason end as null_reason,
        coalesce(measure.partial_inputs, []) as partial_inputs,
        measure.person_id is not null as is_measured,
        people.is_due_unmeasured
    from {{ people }} as people
    cross join {{ ref("rule_set") }} as rule_set
    left join
        {{ ref("snapshot_measure") }} as measure
        on measure.vantage = {{ vantage }}
        and measure.person_id = {{ person_id }}
        and measure.school_year = people.school_year
        and measure.window_code = people.window_code
        and measure.role = people.role
        and measure.rule_set = rule_set.rule_set
    left join
        {{ ref("int_restatement") }} as restated
        on restated.district_code = measure.district_code
        and restated.school_year = people.school_year
        and restated.window_code = people.window_code
{%- endmacro %}
