-- Question: How far would the movement rate move had we chosen other rules?
-- Tier: partner
-- Answer: One row per choice that no source decides, for the latest settled cohort of the collaborative: the
-- rate under it, the difference, and how many schools would change side of the aim.
-- Mind: Both sides are as known tonight, so that value_default may differ a little from the frozen figure in
-- metric. Choices are made one at a time; two together are not the sum.
select choice, parameter, setting, value_default, value, difference, n_schools_judged, n_schools_changed_side
from metric_quality
where
    metric_code = 'movement_rate'
    and level = 'collaborative'
    and cohort_year = (select max(cohort_year) from metric_quality where metric_code = 'movement_rate')
order by abs(difference) desc nulls last, choice
