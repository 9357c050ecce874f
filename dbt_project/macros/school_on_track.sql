{#- Figures of a tier's table metric side by side, with their denominators: equal to metric, cell by cell. -#}
{% macro school_on_track(metric) -%}
    {%- set columns = [
        ("vulnerable_rate", "G9_EOY", none),
        ("movement_rate", "G9_EOY", "G8_EOY"),
        ("down_rate", "G9_EOY", "G8_EOY"),
        ("off_track_rate_9_10", "G10_EOY", "G9_EOY"),
        ("move_up_9_10", "G10_EOY", "G9_EOY"),
        ("coverage", "G9_EOY", "G8_EOY"),
        ("chicago_g9_rate", "G9_EOY", none),
        ("any_f_core_rate", "G9_EOY", none),
        ("chronic_absenteeism_rate", "G9_EOY", none),
    ] -%}
    select
        entity_code as school_code,
        entity_name as school_name,
        cohort_year,
        group_type,
        group_code,
        rule_set,
        {% for code, snapshot_code, basis in columns -%}
            {%- set chosen -%}
            metric_code = '{{ code }}' and snapshot_code = '{{ snapshot_code }}'
            and basis is not distinct from {% if basis %}'{{ basis }}'{% else %}cast(null as varchar){% endif %}
            {%- endset %}
            max(value) filter ({{ chosen }}) as {{ code }},
            max(denominator) filter ({{ chosen }}) as {{ code }}_n{{ "," if not loop.last }}
        {% endfor %}
    from {{ metric }}
    where level = 'school'
    group by all
{%- endmacro %}
