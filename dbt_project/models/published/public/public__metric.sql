-- One row per settled figure of all students of the collaborative under the default rule set, where both
-- outcomes count 11 students or more. Outcomes that add up to a shown total (lanes, up/same/down, reasons,
-- attendance bands, who fell off or came back) stand together or not at all, since the missing one would be
-- a subtraction away.
with
    candidates as (
        select
            metric.*,
            rule_set.min_n,
            case
                when metric.metric_code like 'lane_dist_%'
                then 'lanes'
                when
                    metric.metric_code
                    in ('movement_rate', 'move_up_9_10', 'same_rate', 'down_rate', 'net_movement')
                then 'movement'
                when
                    metric.metric_code
                    in ('movement_rate_x5', 'exit_rate_v', 'fell_off_rate', 'recovered_rate')
                then 'parts of movement'
                when metric.metric_code like 'coverage_%'
                then 'reasons'
                when metric.metric_code like 'attendance_%'
                then 'attendance'
                when metric.metric_code in ('any_df_core_rate', 'df_mark_share')
                then 'core marks'
                else metric.metric_code
            end as outcomes,
            metric.metric_code in ('movement_rate', 'move_up_9_10') as stands_alone,
            definition.unit
        from {{ ref("partner__metric") }} as metric
        inner join
            {{ ref("rule_set") }} as rule_set on rule_set.rule_set = metric.rule_set and rule_set.is_default
        inner join {{ ref("metric_definition") }} as definition on definition.metric_code = metric.metric_code
        where
            metric.level = 'collaborative'
            and metric.group_type = 'all'
            and not metric.is_provisional
            and metric.suppression = 'none'
            -- beside the year's end, the figures with summer would single out those whom summer changed
            and metric.snapshot_code <> 'G9_EOYS'
    ),

    judged as (
        select
            *,
            case
                when numerator is null
                then denominator >= min_n
                else least(numerator, denominator - numerator) >= min_n
            end as is_large,
            bool_and(
                numerator is null
                or unit = 'difference'
                or (
                    not numerator between 1 and min_n - 1
                    and not denominator - numerator between 1 and min_n - 1
                )
            ) over (partition by cohort_year, snapshot_code, basis, outcomes) as are_outcomes_large,
            outcomes = 'parts of movement'
            and max(denominator) filter (outcomes = 'movement') over (
                partition by cohort_year, snapshot_code, basis
            )
            - denominator
            between 1 and min_n - 1 as leaves_few_out
        from candidates
    )

select * exclude (min_n, outcomes, stands_alone, unit, is_large, are_outcomes_large, leaves_few_out)
from judged
where is_large and (are_outcomes_large or stands_alone) and not coalesce(leaves_few_out, false)
