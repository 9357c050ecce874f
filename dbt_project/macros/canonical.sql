{#- The canonical columns: the one list that staging, core synth and harmonized share.
    Grain and meaning of each stand in models/staging/_staging.yml. -#}
{% macro canonical_columns(entity) -%}
    {%- set columns = {
        "school": [
            ("district_code", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("local_school_code", "varchar"),
            ("school_name", "varchar"),
            ("school_type", "varchar"),
            ("low_grade", "varchar"),
            ("high_grade", "varchar"),
            ("is_reporting", "boolean"),
            ("staff_count", "integer"),
        ],
        "term": [
            ("district_code", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("term_code", "varchar"),
            ("term_kind", "varchar"),
            ("start_date", "date"),
            ("end_date", "date"),
            ("is_credit_bearing", "boolean"),
        ],
        "calendar_day": [
            ("district_code", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("calendar_date", "date"),
            ("day_number", "integer"),
            ("n_periods", "integer"),
        ],
        "student": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("ssid", "varchar"),
            ("birth_date", "date"),
            ("gender", "varchar"),
            ("is_hispanic", "boolean"),
            ("race_codes", "varchar"),
            ("first_grade9_year", "integer"),
        ],
        "student_program": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("program", "varchar"),
            ("value", "varchar"),
            ("start_date", "date"),
            ("end_date", "date"),
        ],
        "enrollment": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("grade_level", "varchar"),
            ("entry_date", "date"),
            ("exit_date", "date"),
            ("exit_reason", "varchar"),
            ("enrollment_status", "varchar"),
        ],
        "course_mark": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("term_code", "varchar"),
            ("section_id", "varchar"),
            ("course_code", "varchar"),
            ("state_course_code", "varchar"),
            ("course_name", "varchar"),
            ("is_ag", "boolean"),
            ("grade_level_taken", "varchar"),
            ("mark_raw", "varchar"),
            ("mark", "varchar"),
            ("credits_attempted", "decimal(9,4)"),
            ("credits_earned", "decimal(9,4)"),
            ("is_final", "boolean"),
            ("posted_date", "date"),
            ("is_transfer", "boolean"),
            ("is_repeat", "boolean"),
        ],
        "attendance_event": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("calendar_date", "date"),
            ("period", "varchar"),
            ("category", "varchar"),
        ],
        "attendance_recorded": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("calendar_date", "date"),
        ],
        "incident": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("school_code", "varchar"),
            ("school_year", "integer"),
            ("incident_id", "varchar"),
            ("incident_date", "date"),
            ("suspension_type", "varchar"),
            ("suspension_days", "decimal(7,3)"),
        ],
        "supplied_gpa": [
            ("district_code", "varchar"),
            ("local_student_id", "varchar"),
            ("school_year", "integer"),
            ("term_code", "varchar"),
            ("gpa", "decimal(9,4)"),
            ("is_weighted", "boolean"),
        ],
    } -%}
    {%- set tail = [
        ("source_file_id", "varchar"),
        ("source_row", "bigint"),
        ("known_from", "date"),
        ("known_to", "date"),
        ("is_versioned", "boolean"),
    ] -%}
    {{ return(columns[entity] + tail) }}
{%- endmacro %}

{#- Last statement of a staging model: exactly the canonical columns, cast and in order. -#}
{% macro to_canonical(entity, relation) -%}
    select
        {% for column, type in canonical_columns(entity) -%}
            cast({{ column }} as {{ type }}) as {{ column }}{{ "," if not loop.last }}
        {% endfor %}
    from {{ relation }}
{%- endmacro %}

{#- All systems together. Which system has which entity stands in dbt_project.yml; districts are never listed. -#}
{% macro union_canonical(entity) -%}
    {% for system in var("canonical_entities")[entity] %}
        select * from {{ ref("stg_" ~ system ~ "__" ~ entity) }} {{ "union all" if not loop.last }}
    {% endfor %}
{%- endmacro %}
