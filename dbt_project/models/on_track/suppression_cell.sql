-- One row per n_family (metrics with the same students behind them), cohort_year, snapshot_code, basis,
-- rule_set,
-- level, entity_code and group: the number that decides what is hidden.
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
            parent_code,
            group_type,
            group_code,
            max(n_students) as n
        from {{ ref("metric_cell") }}
        group by all
    )

select
    row_number() over (
        order by
            n_family, cohort_year, snapshot_code, basis, rule_set, level, entity_code, group_type, group_code
    ) as cell_id,
    dense_rank() over (order by n_family, cohort_year, snapshot_code, basis, rule_set) as period_id,
    *
from families
