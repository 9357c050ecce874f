-- One row per public count, and what a reader of the public tier knows of it before any sum is
-- drawn: the least and the most that it can be (NULL: no bound). A restatement keeps this as it was
-- (pipelines/restate.py).
with
    standing as (
        select figure.*
        from {{ ref("public_primary") }} as figure
        anti join {{ ref("public_hidden") }} as hidden on hidden.figure_id = figure.figure_id
    ),

    exact as (
        select distinct link.count_id
        from {{ ref("public_link") }} as link
        semi join standing on standing.figure_id = link.figure_id
    ),

    coded as (
        select case extreme when 'low' then numerator_id else without_id end as count_id, min(bound) as bound
        from standing
        where extreme is not null
        group by all
    ),

    -- a figure has a row only where somebody is in its denominator
    denominators as (select distinct denominator_id as count_id from {{ ref("public_primary") }})

select
    counted.count_id,
    counted.count_code,
    counted.cohort_year,
    counted.snapshot_code,
    counted.basis,
    counted.level,
    counted.entity_code,
    counted.group_type,
    counted.group_code,
    counted.n,
    case
        when exact.count_id is not null then counted.n when denominators.count_id is not null then 1 else 0
    end as low,
    case when exact.count_id is not null then counted.n else coded.bound end as high
from {{ ref("public_count") }} as counted
left join exact on exact.count_id = counted.count_id
left join coded on coded.count_id = counted.count_id
left join denominators on denominators.count_id = counted.count_id
