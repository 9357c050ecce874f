{#- What harmonized needs in DuckDB's dialect. -#}
{#- number / divisor in the twelfth decimal place, exactly: integers, since decimals are divided as doubles.
    The number has at most five decimals. -#}
{% macro scaled_quotient(number, divisor, direction) -%}
    cast(
        divide(
            cast(cast({{ number }} as decimal(18, 5)) * 100000 as hugeint) * 10000000
            {% if direction == "up" %} + {{ divisor - 1 }} {% endif %},
            {{ divisor }}
        ) as decimal(25, 0)
    )
    * cast(0.000000000001 as decimal(13, 12))
{%- endmacro %}

{#- One row for each date from the day before a school year to its last day, as column `calendar_date`. -#}
{% macro dates_of_school_year(relation) -%}
    (
        select
            *,
            cast(
                unnest(
                    generate_series(
                        make_date(school_year - 1, 6, 30), make_date(school_year, 6, 30), interval 1 day
                    )
                ) as date
            ) as calendar_date
        from {{ relation }}
    )
{%- endmacro %}

{#- The values that hold the condition as a list in a stated order; empty, never NULL. -#}
{% macro list_where(value, order_by, condition) -%}
    coalesce(list({{ value }} order by {{ order_by }}) filter (where {{ condition }}), cast([] as varchar[]))
{%- endmacro %}

{#- One row for each race code of a list joined by ';', as column `race_code`. -#}
{% macro split_race_codes(relation) -%}
    (select * exclude (race_codes), unnest(string_split(race_codes, ';')) as race_code from {{ relation }})
{%- endmacro %}

{#- s_ and 24 hex digits of the keyed hash (published.md). -#}
{% macro student_key(person_id, key) -%}
    's_' || left(sha256({{ key }} || ':' || {{ person_id }}), 24)
{%- endmacro %}

{#- Fingerprint of a set of texts, whatever their order. -#}
{% macro set_hash(value) -%} sha256(string_agg({{ value }}, ';' order by {{ value }})) {%- endmacro %}

{#- Names of the feeds whose flag (a column of `alias`) is false, in order; empty if all are there. -#}
{% macro missing_feeds(feeds, alias) -%}
    list_filter(
        [
            {% for flag, feed in feeds %}
                case when not {{ alias }}.{{ flag }} then '{{ feed }}' end{{ ", " if not loop.last }}
            {% endfor %}
        ],
        lambda feed:feed is not null
    )
{%- endmacro %}

{#- Rows of a group as a list of structs in a stated order. -#}
{% macro list_structs(columns, order_by) -%}
    list(
        struct_pack(
            {% for column in columns %}{{ column }} := {{ column }}{{ ", " if not loop.last }}{% endfor %}
        )
        order by {{ order_by }}
    )
{%- endmacro %}
