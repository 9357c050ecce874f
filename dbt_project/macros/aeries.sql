{#- Tables that give a number or code its meaning (LOC, DAY, ABS, CRS) are sent apart from those that use it.
    A meaning holds until another is sent; before the first was sent, the first holds. So spans have no gap, and a join
    with them (aeries_overlaps) never loses a row; bounds that are open on both sides are NULL.
    `relation` has one row per sent row, with `_known_from`, `_file_id`, `_row`. -#}
{% macro aeries_spans(relation, key, meaning) -%}
    {%- set keys = key | join(", ") -%}
    (
        with
            sent as (
                select {{ keys }}, {{ meaning | join(", ") }}, _known_from
                from {{ relation }}
                qualify row_number() over (partition by {{ keys }}, _known_from order by _file_id, _row) = 1
            ),
            changed as (
                select *, row_number() over (partition by {{ keys }} order by _known_from) = 1 as is_first
                from sent
                qualify
                    is_first
                    {%- for column in meaning %}
                        or {{ column }}
                        is distinct from lag({{ column }}) over (partition by {{ keys }} order by _known_from)
                    {%- endfor %}
            )
        select
            {{ keys }},
            {{ meaning | join(", ") }},
            case when not is_first then _known_from end as known_from,
            lead(_known_from) over (partition by {{ keys }} order by _known_from) as known_to
        from changed
    )
{%- endmacro %}

{#- Half-open intervals meet. greatest() and least() leave NULL aside, so open bounds need no stand-in. -#}
{% macro aeries_overlaps(row, span) -%}
    ({{ span }}.known_to is null or {{ row }}._known_from < {{ span }}.known_to)
    and (
        {{ row }}._known_to is null
        or {{ span }}.known_from is null
        or {{ span }}.known_from < {{ row }}._known_to
    )
{%- endmacro %}

{#- known_from, known_to and is_versioned of a row read with the meanings that held at the same time. -#}
{% macro aeries_known(row, spans) -%}
    greatest({{ row }}._known_from{% for s in spans %}, {{ s }}.known_from{% endfor %}) as known_from,
    least({{ row }}._known_to{% for s in spans %}, {{ s }}.known_to{% endfor %}) as known_to,
    {{ row }}._is_versioned
    {%- for s in spans %}
        or {{ s }}.known_from is not null or {{ s }}.known_to is not null
    {% endfor %} as is_versioned
{%- endmacro %}

{#- Left join of a contract's code map; a map may differ by date. -#}
{% macro aeries_code(alias, map_name, row, code, on_date) -%}
    left join
        {{ source("raw", "code_map") }} as {{ alias }}
        on {{ alias }}.district_code = {{ row }}._district_code
        and {{ alias }}.map_name = '{{ map_name }}'
        and {{ alias }}.code = {{ code }}
        and ({{ alias }}.valid_from is null or cast({{ alias }}.valid_from as date) <= {{ on_date }})
        and ({{ alias }}.valid_to is null or cast({{ alias }}.valid_to as date) >= {{ on_date }})
{%- endmacro %}

{#- The day on which a code sent for a whole school year is looked up: July 1, the year's first. -#}
{% macro aeries_first_day(row) -%} make_date({{ row }}.school_year - 1, 7, 1) {%- endmacro %}

{#- Left join of the school that a local number means in the row's year. -#}
{% macro aeries_school(row, number) -%}
    left join
        {{ ref("base_aeries__school_number") }} as school
        on school.district_code = {{ row }}._district_code
        and school.school_year = {{ row }}.school_year
        and school.local_school_code = {{ number }}
        and {{ aeries_overlaps(row, "school") }}
{%- endmacro %}
