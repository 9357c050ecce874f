{#- The subject that each district's own map gives a course code, one row per school year of `relation`: the map as it
    holds in the middle of the year. -#}
{% macro district_subjects(relation) -%}
    select
        code_map.district_code,
        mark_years.school_year,
        code_map.code as course_code,
        min(code_map.value) as subject_area
    from {{ source("raw", "code_map") }} as code_map
    inner join
        (select distinct school_year from {{ relation }}) as mark_years
        on coalesce(code_map.valid_from, date '1900-01-01') <= make_date(mark_years.school_year, 1, 1)
        and coalesce(code_map.valid_to, date '9999-12-31') >= make_date(mark_years.school_year, 1, 1)
    where code_map.map_name = 'course_subject'
    group by all
{%- endmacro %}
