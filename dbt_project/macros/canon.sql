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

        -- each content once, with when it was known: the windows then run over a number instead of twenty
        -- columns
        contents as (
            select
                {{ content }},
                list(
                    struct_pack(
                        known_from := known_from,
                        known_to := known_to,
                        source_file_id := source_file_id,
                        source_row := source_row
                    )
                ) as versions
            from sent
            where is_versioned
            group by {{ content }}
        ),

        repeated as (
            select row_number() over () as content_id, {{ content }}, versions
            from contents
            where len(versions) > 1
        ),

        numbered as (
            select
                content_id,
                version.*,
                row_number() over (
                    partition by content_id, version.known_from
                    order by version.source_file_id, version.source_row
                ) as copy
            from (select content_id, unnest(versions) as version from repeated) as unnested
        ),

        marked as (
            select
                *,
                case
                    when
                        known_from <= max(coalesce(known_to, date '9999-12-31')) over (
                            partition by content_id, copy
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
                    partition by content_id, copy order by known_from rows unbounded preceding
                ) as run
            from marked
        ),

        merged as (
            select
                content_id,
                max_by(source_file_id, known_from) as source_file_id,
                max_by(source_row, known_from) as source_row,
                min(known_from) as known_from,
                case when count(*) = count(known_to) then max(known_to) end as known_to
            from runs
            group by content_id, copy, run
        )

    select *
    from sent
    where not is_versioned
    union all
    select
        {{ content }},
        versions[1].source_file_id,
        versions[1].source_row,
        versions[1].known_from,
        versions[1].known_to,
        true
    from contents
    where len(versions) = 1
    union all
    select {{ content }}, merged.source_file_id, merged.source_row, merged.known_from, merged.known_to, true
    from merged
    inner join repeated using (content_id)
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
    where {{ known_then("canon", "vantage." ~ known_on) }}
{%- endmacro %}

{#- Whether a row of a canonical entity (or of feed versions), by alias, was in force on a date. -#}
{% macro known_then(alias, known_on) -%}
    {{ alias }}.known_from <= {{ known_on }}
    and ({{ alias }}.known_to is null or {{ alias }}.known_to > {{ known_on }})
{%- endmacro %}

{#- No-shows and spans that end before they begin are no enrollment. Aliases of an enrollment and of exit_reason, joined
    to it. -#}
{% macro is_enrollment(enrollment, reason) -%}
    {{ enrollment }}.entry_date is not null
    and {{ enrollment }}.school_code is not null
    and {{ enrollment }}.school_year is not null
    and coalesce({{ enrollment }}.exit_date, {{ enrollment }}.entry_date) >= {{ enrollment }}.entry_date
    and not (
        coalesce({{ reason }}.is_no_show, false)
        and coalesce({{ enrollment }}.exit_date <= {{ enrollment }}.entry_date, false)
    )
{%- endmacro %}
