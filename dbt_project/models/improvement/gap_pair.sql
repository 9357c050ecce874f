{%- set place = [
    "tier",
    "metric_code",
    "cohort_year",
    "snapshot_code",
    "level",
    "entity_code",
    "rule_set",
] -%}
{{ config(materialized="view") }}
-- One row per tier and figure of a group in table metric: the group, all other students, all students and the
-- reference group side by side, as far as the tier shows them. All other students are the NOT_ group where
-- there is one, else all students less the group; NOT_ groups have no row of their own.
with
    figures as (
        select figure.* exclude (unit)
        from {{ ref("shown_figure") }} as figure
        inner join {{ ref("judged_metric") }} as judged on judged.metric_code = figure.metric_code
    ),

    groups as (
        select
            student_group.group_type,
            student_group.group_code,
            student_group.complement_code,
            reference_group.reference_code
        from {{ ref("student_group") }} as student_group
        left join
            {{ ref("reference_group") }} as reference_group
            on reference_group.group_type = student_group.group_type
            and reference_group.group_code = student_group.group_code
        where
            student_group.group_code <> 'ALL'
            and not exists (
                select 1
                from {{ ref("student_group") }} as paired
                where
                    paired.group_type = student_group.group_type
                    and paired.complement_code = student_group.group_code
            )
    )

select
    own.*,
    groups.complement_code,
    groups.reference_code,
    {% for side in ("numerator", "denominator") -%}
        case
            when groups.complement_code is null
            then everybody.{{ side }} - own.{{ side }}
            else complement.{{ side }}
        end as other_{{ side }},
        everybody.{{ side }} as all_{{ side }},
        reference.{{ side }} as reference_{{ side }},
    {% endfor %}
    case
        when groups.complement_code is null then everybody.suppression else complement.suppression
    end as other_suppression
from figures as own
inner join groups on groups.group_type = own.group_type and groups.group_code = own.group_code
{% for other, group_type, group_code in (
        ("everybody", "'all'", "'ALL'"),
        ("complement", "groups.group_type", "groups.complement_code"),
        ("reference", "groups.group_type", "groups.reference_code"),
    ) -%}
    left join
        figures as {{ other }}
        on {{ other }}.group_type = {{ group_type }}
        and {{ other }}.group_code = {{ group_code }}
        and {{ other }}.basis is not distinct from own.basis
        {% for column in place -%} and {{ other }}.{{ column }} = own.{{ column }} {% endfor %}
{% endfor %}
-- a group that is hidden has its row, without a figure, in table metric
where own.suppression <> 'suppressed'
