{#- California credits in exact thirds: three times the credits. A credit within 0.005 of a multiple of 5/3 (1.67, 3.33,
    6.67) is that multiple (domain.md 3.1 rule 6). -#}
{% macro credit_thirds(credits) -%}
    cast(
        case
            when abs(3 * {{ credits }} - 5 * round({{ credits }} * 0.6)) <= 0.015
            then 5 * round({{ credits }} * 0.6)
            else 3 * {{ credits }}
        end as decimal(18, 4)
    )
{%- endmacro %}

{#- A sum of thirds as credits in the twelfth place, rounded down or up. Integers, since DuckDB divides decimals as doubles:
    points rounded up against credits rounded down decide every tie of a ratio as exact fractions would. -#}
{% macro credits_down(thirds) -%}
    cast({{ scaled_quotient(thirds, 3, "down") }} as decimal(18, 12))
{%- endmacro %}

{% macro credits_up(thirds) -%}
    cast({{ scaled_quotient(thirds, 3, "up") }} as decimal(18, 12))
{%- endmacro %}

{#- Semester-F equivalents of credits in thirds: credits / 5. -#}
{% macro f_equivalents(thirds) -%}
    cast({{ scaled_quotient(thirds, 15, "down") }} as decimal(18, 12))
{%- endmacro %}

{#- Days of parts of 2520 (divisible by 1..10 periods). -#}
{% macro days_of_parts(parts) -%}
    cast({{ scaled_quotient(parts, 2520, "down") }} as decimal(18, 12))
{%- endmacro %}
