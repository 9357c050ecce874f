{#- Quotient of two rates, a of n over b of m, as one division of integers; NULL where the second is 0. -#}
{% macro rate_ratio(a, n, b, m) -%}
    cast({{ a }} * {{ m }} as double) / cast(nullif({{ n }} * {{ b }}, 0) as double)
{%- endmacro %}

{#- Difference of two rates, a of n less b of m, as one division of integers. -#}
{% macro rate_gap(a, n, b, m) -%}
    cast({{ a }} * {{ m }} - {{ b }} * {{ n }} as double) / cast({{ n }} * {{ m }} as double)
{%- endmacro %}

{#- One bound of the 95% interval of a difference of two independent rates: Newcombe's hybrid score interval (method 10
    of Newcombe 1998, Statistics in Medicine 17: 873-890), from the Wilson intervals of both. -#}
{% macro newcombe(bound, a, n, b, m) -%}
    {%- set first = "(cast(" ~ a ~ " as double) / " ~ n ~ ")" -%}
    {%- set second = "(cast(" ~ b ~ " as double) / " ~ m ~ ")" -%}
    case
        when {{ a }} * {{ m }} is null
        then null
        {%- if bound == "low" %}
            else
                greatest(
                    -1,
                    {{ rate_gap(a, n, b, m) }} - sqrt(
                        pow({{ first }} - {{ wilson("low", a, n) }}, 2)
                        + pow({{ wilson("high", b, m) }} - {{ second }}, 2)
                    )
                )
        {%- else %}
            else
                least(
                    1,
                    {{ rate_gap(a, n, b, m) }} + sqrt(
                        pow({{ wilson("high", a, n) }} - {{ first }}, 2)
                        + pow({{ second }} - {{ wilson("low", b, m) }}, 2)
                    )
                )
        {%- endif %}
    end
{%- endmacro %}

{#- Students of the group whose outcome would have to change for its rate to be that of the others: n x gap, rounded up;
    0 where the group does no worse. In whole numbers: what is missing to a multiple of m is added before dividing. -#}
{% macro to_parity(direction, a, n, b, m) -%}
    {%- set short = (
        "(case when "
        ~ direction
        ~ " = 'higher_is_better' then "
        ~ b
        ~ " * "
        ~ n
        ~ " - "
        ~ a
        ~ " * "
        ~ m
        ~ " else "
        ~ a
        ~ " * "
        ~ m
        ~ " - "
        ~ b
        ~ " * "
        ~ n
        ~ " end)"
    ) -%}
    case
        when {{ short }} <= 0
        then 0
        else cast(({{ short }} + ({{ m }} - {{ short }} % {{ m }}) % {{ m }}) / {{ m }} as bigint)
    end
{%- endmacro %}
