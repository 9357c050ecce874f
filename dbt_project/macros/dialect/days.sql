{#- One row per day from the first to the last of two dates, as date_day. -#}
{% macro days_from(first, last) -%}
    select cast(day as date) as date_day
    from generate_series(date '{{ first }}', date '{{ last }}', interval 1 day) as series(day)
{%- endmacro %}
