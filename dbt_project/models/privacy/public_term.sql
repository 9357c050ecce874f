-- One row per equation among public counts and count in it: coefficients of a sum that is zero, but for a
-- rest that
-- nobody is shown (column `rest` of public_equation).
with
    counts as (select * from {{ ref("public_count") }}),

    -- a rate: those with the outcome and those without are all
    outcomes as (
        select distinct
            'outcome' as kind,
            'rate' as equation_code,
            without.count_id as total_id,
            unnest(
                [
                    struct_pack(count_id := denominator.count_id, coefficient := -1),
                    struct_pack(count_id := numerator.count_id, coefficient := 1),
                    struct_pack(count_id := without.count_id, coefficient := 1)
                ]
            ) as term
        from
            (
                select distinct
                    cohort_year,
                    snapshot_code,
                    basis,
                    level,
                    entity_code,
                    group_type,
                    group_code,
                    numerator_count,
                    denominator_count
                from {{ ref("public_figure") }}
                where numerator_count is not null
            ) as figure
        inner join
            counts as numerator
            on numerator.count_code = figure.numerator_count
            and {{ same_students("numerator", "figure") }}
        inner join
            counts as denominator
            on denominator.count_code = figure.denominator_count
            and {{ same_students("denominator", "figure") }}
        inner join
            counts as without
            on without.count_code = figure.denominator_count || ' without ' || figure.numerator_count
            and {{ same_students("without", "figure") }}
    ),

    -- sums and inclusions among the counts of one entity, cohort and group: rows of seed count_sum
    sums as (
        select
            'outcome' as kind,
            count_sum.sum_code as equation_code,
            min(counts.count_id) over (
                partition by
                    count_sum.sum_code,
                    counts.cohort_year,
                    counts.snapshot_code,
                    counts.level,
                    counts.entity_code,
                    counts.group_type,
                    counts.group_code
            ) as total_id,
            struct_pack(count_id := counts.count_id, coefficient := count_sum.coefficient) as term,
            count_sum.has_rest,
            sum(count_sum.coefficient * counts.n) over same_sum as difference,
            min(count_sum.coefficient) over same_sum as least,
            max(count_sum.coefficient) over same_sum as largest
        from counts
        inner join
            {{ ref("count_sum") }} as count_sum
            on count_sum.count_code = counts.count_code
            and count_sum.snapshot_code = counts.snapshot_code
            and coalesce(count_sum.basis, '') = counts.basis
        window
            same_sum as (
                partition by
                    count_sum.sum_code,
                    counts.cohort_year,
                    counts.snapshot_code,
                    counts.level,
                    counts.entity_code,
                    counts.group_type,
                    counts.group_code
            )
    ),

    -- groups of a partition are all students of the entity (or all of EL_RFEP)
    groups as (
        select
            'group' as kind,
            parts.partition_code as equation_code,
            total.count_id as total_id,
            struct_pack(count_id := part.count_id, coefficient := 1) as term
        from counts as part
        inner join
            {{ ref("nested_group") }} as parts
            on parts.group_type = part.group_type
            and parts.group_code = part.group_code
        inner join
            counts as total
            on total.count_code = part.count_code
            and total.cohort_year = part.cohort_year
            and total.snapshot_code = part.snapshot_code
            and total.basis = part.basis
            and total.level = part.level
            and total.entity_code = part.entity_code
            and total.group_code = parts.total_code
    ),

    -- a school is part of its district and of each network cohort that it was ever in
    entity_totals as (
        select distinct
            level,
            entity_code,
            case level when 'school' then 'district' else 'collaborative' end as total_level,
            parent_code as total_code
        from counts
        where parent_code is not null
        union
        select 'school', school_code, 'btsc_cohort', entity_code
        from {{ ref("btsc_school") }}
    ),

    entities as (
        select
            'entity' as kind,
            entity_totals.total_level as equation_code,
            total.count_id as total_id,
            struct_pack(count_id := part.count_id, coefficient := 1) as term
        from counts as part
        inner join
            entity_totals on entity_totals.level = part.level and entity_totals.entity_code = part.entity_code
        inner join
            counts as total
            on total.count_code = part.count_code
            and total.cohort_year = part.cohort_year
            and total.snapshot_code = part.snapshot_code
            and total.basis = part.basis
            and total.level = entity_totals.total_level
            and total.entity_code = entity_totals.total_code
            and total.group_type = part.group_type
            and total.group_code = part.group_code
    ),

    terms as (
        select *
        from outcomes
        union all
        select kind, equation_code, total_id, term
        from sums
        where least < 0 and largest > 0 and (has_rest or difference = 0)
        union all
        select *
        from groups
        union all
        select distinct kind, equation_code, total_id, struct_pack(count_id := total_id, coefficient := -1)
        from groups
        union all
        select *
        from entities
        union all
        select distinct kind, equation_code, total_id, struct_pack(count_id := total_id, coefficient := -1)
        from entities
    )

select
    dense_rank() over (order by kind, equation_code, total_id) as equation_id,
    kind,
    equation_code,
    term.count_id as count_id,
    term.coefficient as coefficient
from terms
