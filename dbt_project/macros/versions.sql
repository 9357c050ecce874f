{#- Versions of rows that other rows refer to (students, calendars, sections, code lists).

    A reference is resolved as it stood when the referring row was known: both carry the dates between which
    they were in force, and the joined row holds where the two overlap. The last version sent of a key stays
    valid until another is sent, since a row that is no longer sent (a student who left) is still referred to.
    Adjacent versions that say the same are one, so that a nightly re-send does not multiply what refers to it. -#}
{% macro reference_versions(relation, keys, columns, where="true", unknown_before=false) -%}
    (
        with
            sent as (
                select {{ keys | join(", ") }}, {{ columns | join(", ") }}, _known_from
                from {{ relation }}
                where {{ where }}
                qualify
                    row_number() over (
                        partition by {{ keys | join(", ") }}, _known_from order by _file_id desc, _row desc
                    )
                    = 1
            ),
            changed as (
                select *
                from sent
                qualify
                    row(
                        {{ columns | join(", ") }},
                        1
                    ) is distinct from lag(row({{ columns | join(", ") }}, 1)) over (
                        partition by {{ keys | join(", ") }} order by _known_from
                    )
            ),
            versions as (
                select
                    {{ keys | join(", ") }},
                    {{ columns | join(", ") }},
                    _known_from as known_from,
                    lead(_known_from) over (
                        partition by {{ keys | join(", ") }} order by _known_from
                    ) as known_to,
                    count(*) over (partition by {{ keys | join(", ") }}) > 1 as is_versioned
                from changed
            )
        select *
        from versions
        {% if unknown_before %}
            {#- An optional reference: what came before it was sent is kept, with NULL in its place. -#}
            union all
            select
                {{ keys | join(", ") }},
                {% for column in columns %} null as {{ column }}, {% endfor %}
                date '0001-01-01' as known_from,
                min(known_from) as known_to,
                bool_or(is_versioned) as is_versioned
            from versions
            group by all
        {% endif %}
    )
{%- endmacro %}

{#- Two versioned rows, by alias, were known at the same time. -#}
{% macro known_together(left, right) -%}
    {{ left }}.known_from < coalesce({{ right }}.known_to, date '9999-12-31')
    and {{ right }}.known_from < coalesce({{ left }}.known_to, date '9999-12-31')
{%- endmacro %}

{#- When a row joined from versioned rows, by alias, was known. The first alias is the row itself, the others are what it
    refers to; rows that never were known are left out by `where {{ was_known() }}` around it. -#}
{% macro joint_version(aliases) -%}
    {%- set known_from -%}
    greatest({% for a in aliases %}{{ a }}.known_from{{ ", " if not loop.last }}{% endfor %})
    {%- endset -%}
    {%- set known_to -%}
    least({% for a in aliases %}{{ a }}.known_to{{ ", " if not loop.last }}{% endfor %})
    {%- endset -%}
    {{ known_from }} as known_from,
    {{ known_to }} as known_to,
    {{ aliases[0] }}.is_versioned
    or {{ known_from }} is distinct from {{ aliases[0] }}.known_from
    or {{ known_to }} is distinct from {{ aliases[0] }}.known_to as is_versioned
{%- endmacro %}

{% macro was_known() -%}(known_to is null or known_from < known_to) {%- endmacro %}

{#- The columns of a raw row under the names that canonical rows carry. -#}
{% macro raw_tail() -%}
    _district_code as district_code,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from,
    _known_to as known_to,
    _is_versioned as is_versioned
{%- endmacro %}

{#- Kind of a canonical term code. -#}
{% macro term_kind(term_code) -%}
    case
        when {{ term_code }} = 'FY'
        then 'year'
        when {{ term_code }} in ('S1', 'S2')
        then 'semester'
        when {{ term_code }} in ('T1', 'T2', 'T3')
        then 'trimester'
        when {{ term_code }} in ('Q1', 'Q2', 'Q3', 'Q4')
        then 'quarter'
        when {{ term_code }} = 'SS'
        then 'summer'
    end
{%- endmacro %}
