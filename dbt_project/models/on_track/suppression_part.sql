-- One row per partition (cells that add up to one total) and cell in it. `is_rest`: the students credited
-- to no part,
-- a part that is never shown.
with
    cells as (select * from {{ ref("suppression_cell") }}),

    groups as (
        select
            'group' as kind,
            cells.period_id
            || ':'
            || cells.level
            || ':'
            || cells.entity_code
            || ':'
            || parts.partition_code as partition_id,
            total.cell_id as total_id,
            total.n as total_n,
            rule_set.min_n - 1 as max_small,
            cells.cell_id,
            cells.n,
            cells.group_code as code,
            parts.partition_code = 'race_ethnicity' and cells.group_code = 'NR' as is_not_reported
        from cells
        inner join
            {{ ref("group_partition") }} as parts
            on parts.group_type = cells.group_type
            and parts.group_code = cells.group_code
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = cells.rule_set
        inner join
            cells as total
            on total.period_id = cells.period_id
            and total.level = cells.level
            and total.entity_code = cells.entity_code
            and total.group_code = case parts.partition_code when 'EL_RFEP' then 'EL_RFEP' else 'ALL' end
    ),

    entities as (
        select
            'entity' as kind,
            cells.period_id
            || ':'
            || total.level
            || ':'
            || total.entity_code
            || ':'
            || cells.group_type
            || ':'
            || cells.group_code as partition_id,
            total.cell_id as total_id,
            total.n as total_n,
            rule_set.min_n - 1 as max_small,
            cells.cell_id,
            cells.n,
            cells.entity_code as code,
            false as is_not_reported
        from cells
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = cells.rule_set
        left join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = cells.entity_code
        inner join
            cells as total
            on total.period_id = cells.period_id
            and total.group_type = cells.group_type
            and total.group_code = cells.group_code
            and (
                (
                    cells.level = 'school'
                    and total.level = 'district'
                    and total.entity_code = cells.parent_code
                )
                or (cells.level = 'district' and total.level = 'collaborative')
                or (
                    cells.level = 'school'
                    and total.level = 'btsc_cohort'
                    and total.entity_code = btsc_school.entity_code
                )
            )
        qualify
            row_number() over (partition by total.cell_id, cells.cell_id order by btsc_school.entity_code) = 1
    )

select *, false as is_rest
from groups
union all
select *, false as is_rest
from entities
union all
select kind, partition_id, total_id, total_n, max_small, null, total_n - sum(n), '', false, true
from entities
group by kind, partition_id, total_id, total_n, max_small
having total_n > sum(n)
