{#- Measures of data quality as rows. `relation` has one row per district_code and school_year; each measure is
    (name, column counted, column looked at, what is counted: students marks days schools, is it a share, may it be public). -#}
{% macro quality_rows(relation, measures) -%}
    {% for measure, n_found, n, counts, is_share, is_public in measures -%}
        select
            district_code,
            school_year,
            '{{ measure }}' as measure,
            '{{ counts }}' as counts,
            {{ is_share }} as is_share,
            {{ is_public }} as is_public,
            cast({{ n_found }} as double) as n_found,
            cast({{ n }} as bigint) as n
        from {{ relation }}
        where {{ n }} > 0 {{ "union all" if not loop.last }}
    {% endfor %}
{%- endmacro %}
