{#- Two counts of the same period, entity and group. -#}
{% macro same_students(one, other) -%}
    {%- for column in [
        "cohort_year",
        "snapshot_code",
        "basis",
        "level",
        "entity_code",
        "group_type",
        "group_code",
    ] -%}
        {{ one }}.{{ column }} = {{ other }}.{{ column }}{{ " and " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
