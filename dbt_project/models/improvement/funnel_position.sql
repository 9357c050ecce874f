{{ config(materialized="view") }}
-- One row per row of funnel_school whose entity has two such schools or more: funnel limits at the school's
-- size,
-- and on which side of them it stands. Sides are decided on counts: (x - n X/N)^2 > z^2 n X/N (1 - X/N),
-- times
-- N^2.
with
    squares as (
        select
            *,
            cast(x as hugeint) * entity_n - cast(n as hugeint) * entity_x as above,
            cast(n as hugeint) * entity_x * (entity_n - entity_x) as variance
        from {{ ref("funnel_school") }}
        where n_schools >= 2
    )

select
    * exclude (above, variance),
    cast(x as double) / cast(n as double) as value,
    cast(entity_x as double) / cast(entity_n as double) as mean_rate,
    -- n (rate - mean)^2; decimal, so that its sum does not depend on the order of rows
    cast(
        cast(above * above as double) / (n * cast(entity_n as double) * entity_n) as decimal(30, 18)
    ) as weighted_square,
    {% for name, z2 in funnel_z2().items() -%}
        {{ funnel_limit("lower", z2, "entity_x", "entity_n", "n") }} as lower_{{ name }},
        {{ funnel_limit("upper", z2, "entity_x", "entity_n", "n") }} as upper_{{ name }},
        case
            when cast(above * above as double) <= {{ z2 }} * cast(variance as double)
            then 'inside'
            when above > 0
            then 'above'
            else 'below'
        end as position_{{ name }}{{ "," if not loop.last }}
    {% endfor %}
from squares
