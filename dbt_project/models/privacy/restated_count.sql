-- One row per restatement and count behind public figures as it was before, in blocks in which
-- anything moved: the same count today, what readers knew of it then, and whether they must take it
-- for unmoved, since it is another district's.
with
    blocks as (
        select block.restatement_id, block.cohort_year, block.snapshot_code, block.district_code
        from {{ ref("restated_block") }} as block
    ),

    paired as (
        select
            kept.*,
            today.count_id as today_id,
            today.n as n_today,
            kept.level in ('district', 'school')
            and coalesce(today.parent_code, '') <> blocks.district_code
            and kept.entity_code <> blocks.district_code
            and kept.n is not distinct from today.n as is_unmoved,
            bool_or(kept.n is distinct from today.n) over (
                partition by kept.restatement_id, kept.cohort_year, kept.snapshot_code
            ) as is_block_moved
        from {{ source("raw", "restated_count") }} as kept
        inner join
            blocks
            on blocks.restatement_id = kept.restatement_id
            and blocks.cohort_year = kept.cohort_year
            and blocks.snapshot_code = kept.snapshot_code
        left join
            {{ ref("public_count") }} as today
            on today.count_code = kept.count_code
            and {{ same_students("today", "kept") }}
    )

select
    restatement_id,
    count_id,
    cohort_year,
    snapshot_code,
    level,
    entity_code,
    today_id,
    n,
    n_today,
    low,
    high,
    low = high as is_shown,
    is_unmoved
from paired
where is_block_moved
