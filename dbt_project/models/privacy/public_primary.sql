-- One row per public figure: the counts that it shows, top and bottom coding, and whether it is hidden by
-- itself.
-- Coding wins over hiding; a bound that leaves fewer than three counts is no bound, so that figure is
-- hidden whatever
-- the count.
with
    figures as (
        select
            figure.*,
            numerator_count.count_id as numerator_id,
            denominator_count.count_id as denominator_id,
            without_count.count_id as without_id,
            coding.bound_percent,
            divide(coding.bound_percent * figure.denominator, 100) as bound,
            case
                when figure.unit <> 'rate'
                then null
                when 100 * figure.numerator <= coding.bound_percent * figure.denominator
                then 'low'
                when
                    100 * (figure.denominator - figure.numerator) <= coding.bound_percent * figure.denominator
                then 'high'
            end as extreme,
            figure.numerator between 1 and figure.min_n - 1
            or figure.denominator - figure.numerator between 1 and figure.min_n - 1 as is_small
        from {{ ref("public_figure") }} as figure
        left join
            {{ ref("rate_coding") }} as coding
            on figure.denominator between coding.min_denominator and coding.max_denominator
        inner join
            {{ ref("public_count") }} as denominator_count
            on denominator_count.count_code = figure.denominator_count
            and {{ same_students("denominator_count", "figure") }}
        left join
            {{ ref("public_count") }} as numerator_count
            on numerator_count.count_code = figure.numerator_count
            and {{ same_students("numerator_count", "figure") }}
        left join
            {{ ref("public_count") }} as without_count
            on without_count.count_code = figure.denominator_count || ' without ' || figure.numerator_count
            and {{ same_students("without_count", "figure") }}
    ),

    ruled as (
        select
            *,
            -- by a rule on the figure itself or its family
            denominator < min_n
            -- net movement counts differences: it stands or falls with up, same and down
            or (unit = 'rate' and is_small and extreme is null)
            or (extreme is not null and bound < 2)
            or (
                outcome_family is not null
                and bool_or(numerator between 1 and min_n - 1) over (
                    partition by
                        outcome_family,
                        cohort_year,
                        snapshot_code,
                        basis,
                        level,
                        entity_code,
                        group_type,
                        group_code
                )
            ) as is_primary
        from figures
    ),

    judged as (select *, is_primary or is_hidden_from_partners as is_hidden_alone from ruled),

    coded as (
        select numerator_id, min(figure_id) as figure_id, count(*) as n_figures
        from judged
        where extreme is not null and not is_hidden_alone
        group by numerator_id
    ),

    denominators as (select distinct denominator_id from judged where not is_hidden_alone),

    exact as (select distinct numerator_id from judged where extreme is null and not is_hidden_alone)

select
    judged.* exclude (is_hidden_alone),
    judged.is_hidden_alone
    -- a coded count is exact nowhere: the figure goes that would be exact; where other figures are shares
    -- of the
    -- coded count, the coded figure goes
    or (coded.numerator_id is not null and denominators.denominator_id is not null)
    or (coded.numerator_id is not null and judged.extreme is null) as is_hidden
from judged
left join coded on coded.numerator_id = judged.numerator_id
left join denominators on denominators.denominator_id = coded.numerator_id
