-- One row per count behind the public figures: every numerator, denominator and what is left between them,
-- once,
-- however many figures show it. `is_derived`: no figure shows it as such.
with
    counted as (
        select
            cohort_year,
            snapshot_code,
            basis,
            level,
            entity_code,
            parent_code,
            group_type,
            group_code,
            -- a group goes before all students of the entity do
            keep_rank + case group_type when 'all' then 10 else 0 end as keep_rank,
            unnest(
                [
                    struct_pack(code := denominator_count, n := denominator, is_derived := false),
                    struct_pack(code := numerator_count, n := numerator, is_derived := false),
                    struct_pack(
                        code := denominator_count || ' without ' || numerator_count,
                        n := denominator - numerator,
                        is_derived := true
                    )
                ]
            ) as counted
        from {{ ref("public_figure") }}
    )

select
    row_number() over (
        order by cohort_year, snapshot_code, basis, counted.code, level, entity_code, group_type, group_code
    ) as count_id,
    cohort_year,
    snapshot_code,
    basis,
    counted.code as count_code,
    level,
    entity_code,
    min(parent_code) as parent_code,
    group_type,
    group_code,
    min(counted.n) as n,
    bool_and(counted.is_derived) as is_derived,
    max(keep_rank) as keep_rank
from counted
where counted.code is not null
group by cohort_year, snapshot_code, basis, counted.code, level, entity_code, group_type, group_code
