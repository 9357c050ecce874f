{#- Wide counts per school -> one row per metric, a struct list unnested: one pass over the counts. `partial` of a metric
    names the count of students of whom a feed is missing. -#}
{% macro unnest_metrics(metrics, carrier) -%}
    unnest(
        [
            {% for m in metrics -%}
                struct_pack(
                    metric_code := '{{ m.code }}',
                    is_carried := {% if m.at %} {{ carrier }} in ('{{ m.at | join("', '") }}')
                    {% else %} true
                    {% endif %},
                    numerator := cast({{ m.num }}{{ ' - ' ~ m.less if m.less }} as bigint),
                    denominator := cast({{ m.den }} as bigint),
                    n_students := cast({{ m.n }} as bigint),
                    n_family := '{{ m.n }}',
                    has_partial_inputs := {{ m.partial | default("n_partial") }} > 0
                ){{ "," if not loop.last }}
            {% endfor %}
        ]
    )
{%- endmacro %}

{#- Counts by school (NULL: credited to none) added up to every level. Each student is credited to one school and one
    district at the most, so counts add up; nothing is read twice from the students. -#}
{% macro entity_rollup(relation, keys, counts) -%}
    {%- set sums -%}
        {% for name in counts -%} sum({{ name }}) as {{ name }}{{ ", " if not loop.last }} {% endfor %}
    {%- endset -%}
    {%- set key_list = keys | join(", ") -%}
    select
        'collaborative' as level,
        'CORE' as entity_code,
        cast(null as varchar) as parent_code,
        {{ key_list }},
        {{ sums }}
    from {{ relation }}
    group by all
    union all
    select 'district', district_code, 'CORE', {{ key_list }}, {{ sums }}
    from {{ relation }}
    where district_code is not null
    group by all
    union all
    select 'school', school_code, min(district_code), {{ key_list }}, {{ sums }}
    from {{ relation }}
    where school_code is not null
    group by school_code, {{ key_list }}
    union all
    select 'btsc_cohort', btsc_school.entity_code, cast(null as varchar), {{ key_list }}, {{ sums }}
    from {{ relation }} as counted
    inner join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = counted.school_code
    group by all
{%- endmacro %}

{#- Rows of students, once for All and once for each group of the student in `school_year`. -#}
{% macro by_group(relation) -%}
    select *, 'all' as group_type, 'ALL' as group_code
    from {{ relation }}
    union all
    select counted.*, student_group.group_type, student_group.group_code
    from {{ relation }} as counted
    inner join
        {{ ref("student_group_year") }} as student_group
        on student_group.person_id = counted.person_id
        and student_group.school_year = counted.school_year
{%- endmacro %}
