{#- All systems' rows of an entity, each unbroken run of identical versions as one row: known_from is the first date on
    which exactly this was known. Rows that were sent once pass through untouched, so that large facts stay cheap.
    `copy` keeps rows apart that are sent twice in one delivery and say the same (two removals of one day). -#}
{% macro canon(entity) -%}
    {%- set content = [] -%}
    {%- for column, type in canonical_columns(entity)[:-5] -%}
        {%- do content.append(column) -%}
    {%- endfor -%}
    {%- set content = content | join(", ") -%}
    with
        sent as ({{ union_canonical(entity) }}),

        numbered as (
            select
                *,
                row_number() over (
                    partition by {{ content }}, known_from order by source_file_id, source_row
                ) as copy
            from sent
            where is_versioned
        ),

        marked as (
            select
                *,
                case
                    when
                        known_from <= max(coalesce(known_to, date '9999-12-31')) over (
                            partition by {{ content }}, copy
                            order by known_from
                            rows between unbounded preceding and 1 preceding
                        )
                    then 0
                    else 1
                end as starts_run
            from numbered
        ),

        runs as (
            select
                *,
                sum(starts_run) over (
                    partition by {{ content }}, copy order by known_from rows unbounded preceding
                ) as run
            from marked
        ),

        merged as (
            select
                {{ content }},
                max_by(source_file_id, known_from) as source_file_id,
                max_by(source_row, known_from) as source_row,
                min(known_from) as known_from,
                case when count(*) = count(known_to) then max(known_to) end as known_to,
                true as is_versioned
            from runs
            group by {{ content }}, copy, run
        )

    select *
    from sent
    where not is_versioned
    union all
    select *
    from merged
{%- endmacro %}

{#- Rows of a canonical entity with the vantage that sees them. `years`: which school years a freeze looks at
    (upto: its own and all before; same: its own; all: no school year in the entity). Tonight sees every year. -#}
{% macro visible(entity, years="upto", known_on="known_on_enrollment") -%}
    select 'current' as vantage, canon.*
    from {{ ref("canon_" ~ entity) }} as canon
    where canon.known_to is null
    union all
    select vantage.vantage, canon.*
    from {{ ref("canon_" ~ entity) }} as canon
    inner join
        {{ ref("int_vantage") }} as vantage
        on vantage.district_code = canon.district_code
        and vantage.vantage_kind = 'freeze'
        {% if years == "upto" %} and canon.school_year <= vantage.school_year
        {% elif years == "same" %} and canon.school_year = vantage.school_year
        {% endif %}
    where
        canon.known_from <= vantage.{{ known_on }}
        and (canon.known_to is null or canon.known_to > vantage.{{ known_on }})
{%- endmacro %}
