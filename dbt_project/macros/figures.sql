{#- Wilson score interval at 95% for a rate, one bound; kept on the right side of the value against rounding of doubles. -#}
{% macro wilson(bound, numerator, denominator) -%}
    {%- set z2 = "3.841458820694124" -%}
    {%- set p = "(cast(" ~ numerator ~ " as double) / " ~ denominator ~ ")" -%}
    {%- set center = "(" ~ p ~ " + " ~ z2 ~ " / (2 * " ~ denominator ~ "))" -%}
    {%- set half = "sqrt(" ~ z2 ~ " * (" ~ p ~ " * (1 - " ~ p ~ ") / " ~ denominator ~ " + " ~ z2 ~ " / (4 * "
    ~ denominator ~ " * cast(" ~ denominator ~ " as double))))" -%}
    {%- set scale = "(1 + " ~ z2 ~ " / " ~ denominator ~ ")" -%}
    {%- if bound == "low" -%} greatest(0, least({{ p }}, ({{ center }} - {{ half }}) / {{ scale }}))
    {%- else -%} least(1, greatest({{ p }}, ({{ center }} + {{ half }}) / {{ scale }}))
    {%- endif -%}
{%- endmacro %}

{#- A figure as people read it: percent with one place or points of difference, GPA with two; half up, in integers. -#}
{% macro display_figure(unit, numerator, denominator, value) -%}
    {%- set permille = (
        "((2000 * abs(" ~ numerator ~ ") + " ~ denominator ~ ") // (2 * " ~ denominator ~ "))"
    ) -%}
    {%- set one_place = permille ~ " // 10 || '.' || " ~ permille ~ " % 10" -%}
    case
        {{ unit }}
        when 'rate'
        then {{ one_place }} || '%'
        when 'difference'
        then
            case when {{ numerator }} < 0 and {{ permille }} > 0 then '-' else '' end
            || {{ one_place }}
            || ' pp'
        when 'gpa'
        then cast(cast(round(cast({{ value }} as decimal(18, 9)), 2) as decimal(9, 2)) as varchar)
        else cast({{ numerator }} as varchar)
    end
{%- endmacro %}
