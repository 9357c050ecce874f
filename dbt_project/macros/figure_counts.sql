{#- Which counts each public rate is made of, by the names of the counting macros: rows of (metric_code, numerator,
    denominator). -#}
{% macro figure_counts() -%}
    {%- set listed = [] -%}
    {%- for m in snapshot_metrics() + movement_metrics() -%}
        {%- do listed.append(
            "('"
            ~ m.code
            ~ "', "
            ~ ("null" if m.code == "net_movement" else "'" ~ m.num ~ "'")
            ~ ", '"
            ~ m.den
            ~ "')"
        ) -%}
    {%- endfor -%}
    select *
    from
        (
            values
                {{ listed | unique | join(", ") }}, ('mean_gpa', null, 'n_gpa'), ('median_gpa', null, 'n_gpa')
        ) as listed(metric_code, numerator_count, denominator_count)
{%- endmacro %}
