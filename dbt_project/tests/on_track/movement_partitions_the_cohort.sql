-- Up, same and down add up to those with both lanes; with the reasons they add up to the cohort.
select cohort_year, basis, snapshot_code, rule_set, level, entity_code, group_code
from {{ ref("metric_cell") }}
where basis is not null
group by all
having
    coalesce(
        sum(numerator) filter (metric_code in ('movement_rate', 'move_up_9_10', 'same_rate', 'down_rate')), 0
    )
    <> coalesce(max(numerator) filter (metric_code = 'coverage'), 0)
    or sum(numerator) filter (metric_code like 'coverage%')
    <> max(denominator) filter (metric_code = 'coverage')
