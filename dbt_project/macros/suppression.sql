{#- Hiding of cells, rules (1) to (4) of section 9 of the specification, for any relation of cells: figures by family,
    period, entity and group with the number of students behind them. -#}
{#- One row per cell: the number of students that decides, with numbers by which its totals are found. -#}
{% macro suppression_cells(cells) -%}
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
            from {{ cells }}
            group by
                n_family,
                cohort_year,
                snapshot_code,
                basis,
                rule_set,
                level,
                entity_code,
                group_type,
                group_code
        ),

        periods as (
            select
                n_family,
                cohort_year,
                snapshot_code,
                basis,
                rule_set,
                row_number() over (
                    order by n_family, cohort_year, snapshot_code, basis, rule_set
                ) as period_id
            from (select distinct n_family, cohort_year, snapshot_code, basis, rule_set from families)
        ),

        entities as (
            select
                level, entity_code, parent_code, row_number() over (order by level, entity_code) as entity_id
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
{%- endmacro %}

{#- One row per partition of the cells (suppression_cells) and cell in it. -#}
{% macro suppression_parts(cells) -%}
    with
        cells as (select * from {{ cells }}),

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
                (cells.period_id * 1000000 + entity_totals.total_entity_id) * 100
                + cells.group_id as total_id,
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
{%- endmacro %}

{#- The cells that are hidden.

    In a partition with a hidden cell, cells go smallest first (tie: code order) until the hidden ones cannot
    be found from the total: at least two, more than 10 students together, and, where all are 1 to 10, at
    least three possible values for each. A hidden total must not be the sum of parts that are all shown. -#}
{% macro suppression_hidden(cells, parts) -%}
    with recursive
        hiding as (
            -- step at which the cell was hidden, steps so far, last step that hid anything
            select
                cell.cell_id,
                case when cell.n between 1 and rule_set.min_n - 1 then 0 end as hidden_at,
                0 as step,
                0 as changed_at
            from {{ cells }} as cell
            inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = cell.rule_set

            union all

            (
                with
                    -- after the first two steps only partitions in which something was hidden since they were
                    -- looked at
                    recent as (select cell_id from hiding where step < 2 or hidden_at >= step - 1),

                    touched as (
                        select part.partition_id
                        from {{ parts }} as part
                        semi join recent on recent.cell_id = part.cell_id
                        union
                        select part.partition_id
                        from {{ parts }} as part
                        semi join recent on recent.cell_id = part.total_id
                    ),

                    states as (
                        select
                            part.*,
                            own.hidden_at is not null or part.is_rest as is_hidden,
                            total.hidden_at is not null as is_total_hidden
                        from {{ parts }} as part
                        semi join touched on touched.partition_id = part.partition_id
                        left join hiding as own on own.cell_id = part.cell_id
                        inner join hiding as total on total.cell_id = part.total_id
                        where part.kind = case total.step % 2 when 0 then 'group' else 'entity' end
                    ),

                    partitions as (
                        select
                            partition_id,
                            bool_or(is_hidden and (not is_rest or n <= max_small))
                            or (bool_or(is_total_hidden) and not bool_or(is_rest)) as is_open
                        from states
                        group by partition_id
                    ),

                    -- 'not reported' is hidden whenever another race is
                    hidden_first as (
                        select
                            states.*,
                            is_hidden
                            or (
                                is_not_reported and bool_or(is_hidden) over (partition by states.partition_id)
                            ) as is_first
                        from states
                        inner join partitions on partitions.partition_id = states.partition_id
                        where partitions.is_open
                    ),

                    running as (
                        select
                            *,
                            count(*) filter (is_first) over (partition by partition_id) as n_first,
                            count(*) over smallest_first as n_cells,
                            sum(n) over smallest_first as n_students,
                            bool_and(n <= max_small) over smallest_first as all_small
                        from hidden_first
                        window
                            smallest_first as (
                                partition by partition_id
                                order by is_first desc, n, is_rest, code
                                rows between unbounded preceding and current row
                            )
                    ),

                    judged as (
                        select
                            *,
                            n_cells >= n_first
                            and (
                                n_first = 0
                                or (
                                    n_cells >= 2
                                    and n_students > max_small
                                    and not (
                                        all_small
                                        and least(max_small, n_students - n_cells + 1)
                                        - greatest(1, n_students - max_small * (n_cells - 1))
                                        < 2
                                    )
                                )
                            ) as is_enough
                        from running
                    ),

                    ended as (
                        select
                            *,
                            min(case when is_enough then n_cells end) over (
                                partition by partition_id
                            ) as last_hidden
                        from judged
                    ),

                    found as (
                        select distinct cell_id
                        from ended
                        where not is_rest and not is_hidden and n_cells <= coalesce(last_hidden, n_cells)
                    )

                select
                    hiding.cell_id,
                    case when found.cell_id is not null then hiding.step + 1 else hiding.hidden_at end,
                    hiding.step + 1,
                    max(
                        case when found.cell_id is not null then hiding.step + 1 else hiding.changed_at end
                    ) over ()
                from hiding
                left join found on found.cell_id = hiding.cell_id
                where hiding.step - hiding.changed_at < 2
            )
        )

    select cell_id
    from hiding
    where hidden_at is not null and step = (select max(step) from hiding)
{%- endmacro %}
