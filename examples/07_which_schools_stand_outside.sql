-- Question: Which schools stand outside what chance explains, for moving up and for ending vulnerable?
-- Tier: partner
-- Answer: One row per metric and school of the latest settled cohort: its 95% interval lies above or below
-- the rate of the collaborative, or inside. Few outside is the usual answer, and a good one.
-- Mind: Schools below 20 students are not judged. A hidden school is no good or bad news. With twenty
-- schools one in a metric is outside by chance; run charts (question 10) say whether it stays there.
with
    latest as (
        select
            metric_code,
            level,
            entity_code,
            entity_name,
            denominator,
            value,
            ci_low,
            ci_high,
            display,
            suppression
        from metric
        where
            metric_code in ('movement_rate', 'vulnerable_rate')
            and snapshot_code = 'G9_EOY'
            and (basis = 'G8_EOY' or basis is null)
            and group_code = 'ALL'
            and level in ('school', 'collaborative')
            and rule_set = 'core5_v1'
            and cohort_year = (
                select max(cohort_year)
                from metric
                where metric_code = 'movement_rate' and basis = 'G8_EOY' and not is_provisional
            )
    )
select
    school.metric_code,
    school.entity_name as school,
    school.denominator as students,
    school.display,
    network.display as collaborative,
    case
        when school.suppression = 'suppressed'
        then 'hidden'
        when school.denominator < (select n_highlight from rule_set where is_default)
        then 'too few to judge'
        when school.ci_low > network.value
        then 'above'
        when school.ci_high < network.value
        then 'below'
        else 'inside'
    end as stands
from latest as school
inner join latest as network on network.metric_code = school.metric_code and network.level = 'collaborative'
where school.level = 'school'
order by school.metric_code, school.value desc nulls last, school.entity_code
