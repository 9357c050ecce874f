{#- Left join, as `alias`, of what a Synergy code of `row` means on the day it was used and when it was known.
    `only` narrows the rows that carry such a code. A NULL day means: the day does not matter. -#}
{% macro synergy_code(alias, row, column, map_name, on_date, only="true") -%}
    left join
        {{ ref("base_synergy__code") }} as {{ alias }}
        on {{ row }}.district_code = {{ alias }}.district_code
        and {{ alias }}.map_name = '{{ map_name }}'
        and {{ row }}.{{ column }} = {{ alias }}.code
        and coalesce({{ on_date }}, date '9999-12-31') between {{ alias }}.valid_from and {{ alias }}.valid_to
        and {{ known_together(row, alias) }}
        and {{ only }}
{%- endmacro %}
