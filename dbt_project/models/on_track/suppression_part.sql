-- One row per partition (cells that add up to one total) and cell in it. `is_rest`: the students credited
-- to no part, a part that is never shown.
with
    cells as (select * from {{ ref("suppression_cell") }}),

    group_ids as (select distinct group_code, group_id from cells),

    partitions as (
        select
            parts.partition_code,
            parts.group_type,
            parts.group_code,
            total.group_id as total_group_id,
            dense_rank() over (order by parts.partition_code) as partition_number
        from {{ ref("group_partition") }} as parts
        inner join
            group_ids as total
            on total.group_code = case parts.partition_code when 'EL_RFEP' then 'EL_RFEP' else 'ALL' end
    ),

    groups as (
        select
            'group' as kind,
            cells.cell_id - cells.group_id + partitions.total_group_id as total_id,
            partitions.partition_number,
            cells.cell_id,
            cells.n,
            cells.group_code as code,
            cells.rule_set,
            partitions.partition_code = 'race_ethnicity' and cells.group_code = 'NR' as is_not_reported
        from cells
        inner join
            partitions
            on partitions.group_type = cells.group_type
            and partitions.group_code = cells.group_code
    ),

    entity_ids as (select distinct level, entity_code, entity_id from cells),

    -- a school is part of its district and of each network cohort that it was ever in
    entity_totals as (
        select distinct entity_id, parent_id as total_entity_id
        from cells
        where parent_id is not null
        union
        select school.entity_id, cohort.entity_id
        from entity_ids as school
        inner join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = school.entity_code
        inner join
            entity_ids as cohort
            on cohort.level = 'btsc_cohort'
            and cohort.entity_code = btsc_school.entity_code
        where school.level = 'school'
    ),

    entities as (
        select
            'entity' as kind,
            (cells.period_id * 1000000 + entity_totals.total_entity_id) * 100 + cells.group_id as total_id,
            0 as partition_number,
            cells.cell_id,
            cells.n,
            cells.entity_code as code,
            cells.rule_set,
            false as is_not_reported
        from cells
        inner join entity_totals on entity_totals.entity_id = cells.entity_id
    ),

    parts as (
        select *
        from groups
        union all
        select *
        from entities
    ),

    with_totals as (
        select
            parts.kind,
            parts.total_id * 100 + parts.partition_number as partition_id,
            parts.total_id,
            total.n as total_n,
            rule_set.min_n - 1 as max_small,
            parts.cell_id,
            parts.n,
            parts.code,
            parts.is_not_reported,
            false as is_rest
        from parts
        inner join cells as total on total.cell_id = parts.total_id
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = parts.rule_set
    )

select *
from with_totals
union all
select kind, partition_id, total_id, total_n, max_small, null, total_n - sum(n), '', false, true
from with_totals
where kind = 'entity'
group by kind, partition_id, total_id, total_n, max_small
having total_n > sum(n)
