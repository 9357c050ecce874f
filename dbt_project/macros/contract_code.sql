{#- Left join, as `alias`, of what the contract's map says of a code of `row` (district_code, the column) on a day.
    A NULL day means: the day does not matter. Both ends of a validity are inclusive. -#}
{% macro contract_code(alias, row, column, map_name, on_date, only="true") -%}
    left join
        {{ source("raw", "code_map") }} as {{ alias }}
        on {{ row }}.district_code = {{ alias }}.district_code
        and {{ alias }}.map_name = '{{ map_name }}'
        and {{ row }}.{{ column }} = {{ alias }}.code
        and coalesce(
            {{ on_date }},
            date '9999-12-31'
        ) between coalesce(cast({{ alias }}.valid_from as date), date '0001-01-01') and coalesce(
            cast({{ alias }}.valid_to as date), date '9999-12-31'
        )
        and {{ only }}
{%- endmacro %}
