{%- set keys = "snapshot_code, rule_set, group_type, group_code, predictor, outcome" -%}
-- One row per predicting snapshot, rule_set, group, predictor, value (`all`: all values) and outcome,
-- before anything is hidden. Calibration holds each cohort against what the cohorts before it, all
-- students together, would have promised.
with
    counts as (select * from {{ ref("validity_count") }}),

    by_cohort as (
        select {{ keys }}, predictor_value, cohort_year, sum(n) as n, sum(n_outcome) as n_outcome
        from counts
        group by all
    ),

    promised as (
        select
            snapshot_code,
            rule_set,
            predictor,
            outcome,
            predictor_value,
            cohort_year,
            sum(n) over earlier as n_before,
            sum(n_outcome) over earlier as n_outcome_before
        from by_cohort
        where group_code = 'ALL'
        window
            earlier as (
                partition by snapshot_code, rule_set, predictor, outcome, predictor_value
                order by cohort_year
                rows between unbounded preceding and 1 preceding
            )
    ),

    expected as (
        select
            by_cohort.* exclude (n, n_outcome),
            by_cohort.n,
            by_cohort.n_outcome,
            {{ scaled_quotient("by_cohort.n * promised.n_outcome_before", "promised.n_before", "down") }}
            as n_expected
        from by_cohort
        inner join promised using (snapshot_code, rule_set, predictor, outcome, predictor_value, cohort_year)
        where promised.n_before > 0
    ),

    missed as (
        select {{ keys }}, predictor_value, sum(n) as n, sum(n_expected) - sum(n_outcome) as n_missed
        from expected
        group by all
    ),

    calibrated as (
        select {{ keys }}, predictor_value, n, n_missed
        from missed
        union all
        select {{ keys }}, 'all', sum(n), sum(abs(n_missed))
        from missed
        group by all
    ),

    by_value as (
        select {{ keys }}, predictor_value, sum(n) as n, sum(n_outcome) as n_outcome
        from counts
        group by all
        union all
        select {{ keys }}, 'all', sum(n), sum(n_outcome)
        from counts
        group by all
    ),

    cohorts as (
        select {{ keys }}, min(cohort_year) as first_cohort_year, max(cohort_year) as last_cohort_year
        from counts
        group by all
    ),

    auc as ({{ auc_by("counts", keys, "score") }}),

    lane_auc as ({{ auc_by("counts", keys, "lane") }})

select
    by_value.snapshot_code,
    by_value.predictor,
    by_value.predictor_value,
    by_value.outcome,
    by_value.group_type,
    by_value.group_code,
    by_value.rule_set,
    cohorts.first_cohort_year,
    cohorts.last_cohort_year,
    cast(by_value.n as bigint) as n,
    cast(by_value.n_outcome as bigint) as n_outcome,
    case when by_value.predictor_value = 'all' then auc.auc end as auc,
    case when by_value.predictor_value = 'all' then lane_auc.auc end as lane_auc,
    -- a gap of a few students of the later cohorts would speak of them alone
    case
        when calibrated.n >= rule_set.min_n
        then cast(calibrated.n_missed as double) / cast(calibrated.n as double)
    end as calibration
from by_value
inner join {{ ref("rule_set") }} as rule_set using (rule_set)
inner join cohorts using ({{ keys }})
inner join auc using ({{ keys }})
inner join lane_auc using ({{ keys }})
left join calibrated using ({{ keys }}, predictor_value)
