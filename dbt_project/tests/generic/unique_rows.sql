{#- Rows are unique over the columns of the grain, NULL counted as a value. Returns keys that stand more than once, counted. -#}
{% test unique_rows(model, grain) %}
    select count(*) as n_repeated
    from (select 1 from {{ model }} group by {{ grain | join(", ") }} having count(*) > 1)
    having count(*) > 0
{% endtest %}
