{#- Left join, as `alias`, of the meaning of an Ed-Fi code: the descriptor's URI, or the plain text of v1, as sent. -#}
{% macro edfi_code(alias, row, column, map_name) -%}
    left join
        {{ source("raw", "code_map") }} as {{ alias }}
        on {{ alias }}.district_code = {{ row }}.district_code
        and {{ alias }}.map_name = '{{ map_name }}'
        and {{ alias }}.code = {{ row }}.{{ column }}
{%- endmacro %}

{#- Left join of the 14-digit CDS code of a school id as sent; a CDS code stands for itself. -#}
{% macro edfi_school_join(alias, row, column="school_id") -%}
    {{ edfi_code(alias, row, column, "school_code") }}
{%- endmacro %}

{% macro edfi_school_code(alias, row, column="school_id") -%}
    coalesce(
        {{ alias }}.value,
        case when regexp_full_match({{ row }}.{{ column }}, '\d{14}') then {{ row }}.{{ column }} end
    )
{%- endmacro %}

{#- Schools and school years that have a session: what year-less rows of v1 (schools, calendar dates) belong to. -#}
{% macro edfi_school_years() -%}
    (
        select distinct
            _district_code as district_code, school_id, {{ edfi_school_year("school_year") }} as school_year
        from {{ source("raw", "edfi__sessions") }}
    )
{%- endmacro %}
