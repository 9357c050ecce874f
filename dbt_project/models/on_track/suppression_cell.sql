-- One row per n_family (metrics with the same students behind them), cohort_year, snapshot_code, basis,
-- rule_set, level, entity_code and group: the number that decides what is hidden. Cells are numbered by
-- period, entity and group, so that a total is found by arithmetic and not by comparing texts.
with
    families as (
        select
            n_family,
            cohort_year,
            snapshot_code,
            basis,
            rule_set,
            level,
            entity_code,
            min(parent_code) as parent_code,
            group_type,
            group_code,
            max(n_students) as n
        from {{ ref("metric_cell") }}
        group by
            n_family, cohort_year, snapshot_code, basis, rule_set, level, entity_code, group_type, group_code
    ),

    periods as (
        select
            n_family,
            cohort_year,
            snapshot_code,
            basis,
            rule_set,
            row_number() over (order by n_family, cohort_year, snapshot_code, basis, rule_set) as period_id
        from (select distinct n_family, cohort_year, snapshot_code, basis, rule_set from families)
    ),

    entities as (
        select level, entity_code, parent_code, row_number() over (order by level, entity_code) as entity_id
        from
            (
                select level, entity_code, min(parent_code) as parent_code
                from families
                group by level, entity_code
            )
    ),

    groups as (
        select group_type, group_code, row_number() over (order by group_type, group_code) as group_id
        from {{ ref("student_group") }}
    )

select
    (periods.period_id * 1000000 + entities.entity_id) * 100 + groups.group_id as cell_id,
    periods.period_id,
    entities.entity_id,
    parents.entity_id as parent_id,
    groups.group_id,
    families.*
from families
inner join
    periods
    on periods.n_family = families.n_family
    and periods.cohort_year = families.cohort_year
    and periods.snapshot_code = families.snapshot_code
    and periods.basis is not distinct from families.basis
    and periods.rule_set = families.rule_set
inner join entities on entities.level = families.level and entities.entity_code = families.entity_code
inner join groups on groups.group_type = families.group_type and groups.group_code = families.group_code
left join
    entities as parents
    on parents.entity_code = families.parent_code
    and parents.level = case families.level when 'school' then 'district' else 'collaborative' end
