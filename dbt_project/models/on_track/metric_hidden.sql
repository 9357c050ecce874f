-- One row per cell that is hidden in the partner tier: rules (1) to (4) of section 9 of the specification,
-- until nothing changes. Steps alternate between groups within an entity and entities within their total.
--
-- In a partition with a hidden cell, cells go smallest first (tie: code order) until the hidden ones cannot
-- be found from the total: at least two, more than 10 students together, and, where all are 1 to 10, at
-- least three possible values for each. A hidden total must not be the sum of parts that are all shown.
with recursive
    hiding as (
        -- step at which the cell was hidden, steps so far, last step that hid anything
        select
            cell.cell_id,
            case when cell.n between 1 and rule_set.min_n - 1 then 0 end as hidden_at,
            0 as step,
            0 as changed_at
        from {{ ref("suppression_cell") }} as cell
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = cell.rule_set

        union all

        (
            with
                -- after the first two steps only partitions in which something was hidden since they were
                -- looked at
                recent as (select cell_id from hiding where step < 2 or hidden_at >= step - 1),

                touched as (
                    select part.partition_id
                    from {{ ref("suppression_part") }} as part
                    semi join recent on recent.cell_id = part.cell_id
                    union
                    select part.partition_id
                    from {{ ref("suppression_part") }} as part
                    semi join recent on recent.cell_id = part.total_id
                ),

                states as (
                    select
                        part.*,
                        own.hidden_at is not null or part.is_rest as is_hidden,
                        total.hidden_at is not null as is_total_hidden
                    from {{ ref("suppression_part") }} as part
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
