{#- What a row names is a row elsewhere: `keys` maps columns (several joined by a comma) to the table that has them as its key.
    NULL refers to nothing. Returns the columns whose values are missing there, counted. -#}
{% test refers_to(model, keys) %}
    {% for columns, to in keys.items() %}
        {%- set names = columns.split(",") | map("trim") | list %}
        select '{{ columns }}' as columns, count(*) as n_missing
        from {{ model }} as referring
        where
            {% for name in names %} referring.{{ name }} is not null and {% endfor %} not exists (
                select 1
                from {{ to }} as referred
                where
                    {% for name in names %}
                        referred.{{ name }} = referring.{{ name }} {{ "and" if not loop.last }}
                    {% endfor %}
            )
        having count(*) > 0 {{ "union all" if not loop.last }}
    {% endfor %}
{% endtest %}
