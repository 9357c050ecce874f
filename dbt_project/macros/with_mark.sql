{#- The rows of `relation` (district_code, school_year, posted_date, mark_raw) with `mark`: what the district's scale
    says of the text sent, or else of the number sent. A mark without a day is read by the scale at the year's end. -#}
{% macro with_mark(relation) -%}
    select m.* exclude (mark_word, mark_number, marked_on), coalesce(exact.mark, within.mark) as mark
    from
        (
            select
                *,
                upper(trim(mark_raw)) as mark_word,
                {{ read_decimal("mark_raw", "decimal(9,4)") }} as mark_number,
                coalesce(posted_date, make_date(school_year, 6, 30)) as marked_on
            from {{ relation }}
        ) as m
    left join
        {{ mark_scale("mark_raw is not null") }} as exact
        on m.district_code = exact.district_code
        and m.mark_word = exact.mark_word
        and m.marked_on between exact.valid_from and exact.valid_to
    left join
        {{ mark_scale("mark_raw is null") }} as within
        on m.district_code = within.district_code
        and m.mark_number between within.low and within.high
        and m.marked_on between within.valid_from and within.valid_to
{%- endmacro %}

{#- The marks (or the ranges) of the districts' scales, bounds closed. -#}
{% macro mark_scale(which) -%}
    (
        select
            district_code,
            upper(mark_raw) as mark_word,
            cast(low as decimal(9, 4)) as low,
            cast(high as decimal(9, 4)) as high,
            mark,
            coalesce(cast(valid_from as date), date '0001-01-01') as valid_from,
            coalesce(cast(valid_to as date), date '9999-12-31') as valid_to
        from {{ source("raw", "mark_scale") }}
        where scale_id = 'default' and {{ which }}
    )
{%- endmacro %}
