{{ config(materialized="view") }}
-- One row per tier and row of that tier's table metric: what other tables of the tier may be made of. Counts
-- are NULL unless the tier shows the figure itself.
with
    figures as (
        {% for tier in ("partner", "public") -%}
            select '{{ tier }}' as tier, *
            from {{ ref(tier ~ "__metric") }} {{ "union all by name" if not loop.last }}
        {% endfor %}
    ),

    judged as (
        select *, suppression = 'none' and value is not null and numerator is not null as is_shown
        from figures
    )

select
    figures.tier,
    figures.metric_code,
    figures.cohort_year,
    figures.school_year,
    figures.snapshot_code,
    figures.basis,
    figures.level,
    figures.entity_code,
    figures.entity_name,
    figures.group_type,
    figures.group_code,
    figures.rule_set,
    case when figures.is_shown then figures.numerator end as numerator,
    case when figures.is_shown then figures.denominator end as denominator,
    figures.suppression,
    figures.is_provisional,
    figures.warning,
    definition.unit,
    definition.direction,
    figures.is_shown
from judged as figures
inner join {{ ref("metric_definition") }} as definition on definition.metric_code = figures.metric_code
