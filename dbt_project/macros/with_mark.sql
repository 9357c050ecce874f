{#- The rows of `relation` (district_code, school_year, posted_date, mark_raw) with `mark`: what the district's scale
    says of the text sent, or else of the number sent. A mark without a day is read by the scale at the year's end. -#}
{% macro with_mark(relation) -%}
    {%- set marked_on = "coalesce(m.posted_date, make_date(m.school_year, 6, 30))" -%}
    select m.*, coalesce(exact.mark, within.mark) as mark
    from {{ relation }} as m
    left join
        {{ source("raw", "mark_scale") }} as exact
        on m.district_code = exact.district_code
        and exact.scale_id = 'default'
        and upper(trim(m.mark_raw)) = upper(exact.mark_raw)
        and {{ marked_on }} >= coalesce(cast(exact.valid_from as date), date '0001-01-01')
        and {{ marked_on }} <= coalesce(cast(exact.valid_to as date), date '9999-12-31')
    left join
        {{ source("raw", "mark_scale") }} as within
        on m.district_code = within.district_code
        and within.scale_id = 'default'
        and within.mark_raw is null
        and {{ read_decimal("m.mark_raw", "decimal(9,4)") }}
        between cast(within.low as decimal(9, 4)) and cast(within.high as decimal(9, 4))
        and {{ marked_on }} >= coalesce(cast(within.valid_from as date), date '0001-01-01')
        and {{ marked_on }} <= coalesce(cast(within.valid_to as date), date '9999-12-31')
{%- endmacro %}
