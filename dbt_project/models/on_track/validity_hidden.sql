{%- set system = "snapshot_code, rule_set, predictor, outcome, kind" -%}
{%- set cell = system ~ ", group_type, group_code" -%}
-- One row per predicting snapshot, rule_set, predictor, outcome, kind of figure (`total`: value `all`;
-- `value`: the other values) and group that is hidden in the partner tier.
--
-- The values of a group stand together or not at all: a value of 1 to 10 students hides them. Where a
-- part of a partition is hidden, parts go too, smallest first, until two are hidden whose counts
-- together are 0 or more than 10 for every value. A hidden total takes its parts with it. EL is a part
-- of two partitions: two rounds settle both.
with
    cells as (
        select
            snapshot_code,
            figure.rule_set,
            predictor,
            outcome,
            case predictor_value when 'all' then 'total' else 'value' end as kind,
            group_type,
            group_code,
            predictor_value,
            n,
            rule_set.min_n - 1 as max_small
        from {{ ref("validity_figure") }} as figure
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = figure.rule_set
    ),

    small as (select distinct {{ system }}, group_code from cells where n between 1 and max_small),

    groups as (
        select
            {% for column in cell.split(", ") -%} cells.{{ column }}, {% endfor %}
            min(cells.max_small) as max_small,
            sum(cells.n) as n_students,
            bool_or(small.group_code is not null) as is_hidden
        from cells
        left join
            small
            on small.snapshot_code = cells.snapshot_code
            and small.rule_set = cells.rule_set
            and small.predictor = cells.predictor
            and small.outcome = cells.outcome
            -- where the total of a group is hidden its values are
            and small.kind in (cells.kind, 'total')
            and (
                small.group_code in (cells.group_code, 'ALL')
                or (small.group_code = 'EL_RFEP' and cells.group_code in ('EL', 'RFEP'))
            )
        group by all
    ),

    round_0 as (select * from groups),

    -- every part beside every value of its system: a part without students of a value counts 0
    matrix as (
        select groups.* exclude (is_hidden), system_value.predictor_value, coalesce(cells.n, 0) as n
        from groups
        inner join
            (select distinct {{ system }}, predictor_value from cells) as system_value using ({{ system }})
        left join cells using ({{ cell }}, predictor_value)
    ),
    {% for round in (1, 2) %}
        ordered_{{ round }} as (
            select
                parts.*,
                count(*) filter (where is_first) over (partition by {{ system }}, partition_code) as n_first,
                row_number() over (
                    partition by {{ system }}, partition_code order by is_first desc, n_students, group_code
                ) as rank
            from
                (
                    select
                        known.*,
                        partition.partition_code,
                        known.is_hidden
                        or (
                            known.group_code = 'NR'
                            and bool_or(known.is_hidden) over (
                                partition by {{ system }}, partition.partition_code
                            )
                        ) as is_first
                    from round_{{ round - 1 }} as known
                    inner join
                        {{ ref("group_partition") }} as partition
                        on partition.group_type = known.group_type
                        and partition.group_code = known.group_code
                ) as parts
        ),

        together_{{ round }} as (
            select
                {{ cell }},
                partition_code,
                rank,
                n_first,
                max_small,
                sum(matrix.n) over (
                    partition by {{ system }}, partition_code, predictor_value
                    order by rank
                    rows between unbounded preceding and current row
                ) as n_together
            from ordered_{{ round }}
            inner join matrix using ({{ cell }}, max_small)
        ),

        ended_{{ round }} as (
            select {{ system }}, partition_code, min(rank) as last_hidden
            from
                (
                    select
                        {{ system }},
                        partition_code,
                        rank,
                        rank >= greatest(n_first, 2)
                        and not bool_or(n_together between 1 and max_small) as is_enough
                    from together_{{ round }}
                    group by {{ system }}, partition_code, rank, n_first
                ) as judged
            where is_enough
            group by {{ system }}, partition_code
        ),

        round_{{ round }} as (
            select
                known.* exclude (is_hidden),
                known.is_hidden
                or exists (
                    select 1
                    from ordered_{{ round }} as part
                    left join ended_{{ round }} as ended using ({{ system }}, partition_code)
                    where
                        part.n_first > 0 and part.rank <= coalesce(ended.last_hidden, part.rank)
                        {% for column in cell.split(", ") -%}
                            and part.{{ column }} = known.{{ column }}
                        {% endfor %}
                ) as is_hidden
            from round_{{ round - 1 }} as known
        ){{ "," if not loop.last }}
    {% endfor %}

-- values whose total is hidden go with it
select distinct {{ cell }}
from round_2
where is_hidden
union
select distinct {{ system.replace("kind", "'value'") }}, group_type, group_code
from round_2
where is_hidden and kind = 'total'
