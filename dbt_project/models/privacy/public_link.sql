-- One row per public figure and count that it shows exactly, while the figure stands.
with
    linked as (
        select
            figure_id,
            unnest(
                [
                    denominator_id,
                    case when extreme is null then numerator_id end,
                    case when extreme is null then without_id end
                ]
            ) as count_id
        from {{ ref("public_primary") }}
    )

select distinct figure_id, count_id
from linked
where count_id is not null
