-- Question: Are enough ninth graders behind the movement rate to trust it?
-- Tier: public
-- Answer: One row per settled cohort and start of the comparison: the share of the cohort with a lane at
-- both ends, whether it reaches 80%, and how many students are missing.
-- Mind: Who is missing is no random part of a cohort: newcomers have no baseline, leavers no end. Below
-- 80% every figure of change of that cohort carries the warning low_coverage.
select
    cohort_year,
    basis,
    snapshot_code,
    numerator as with_both_lanes,
    denominator as cohort,
    denominator - numerator as missing,
    display,
    value >= 0.8 as is_enough
from metric
where metric_code = 'coverage' and level = 'collaborative' and group_code = 'ALL'
order by cohort_year, basis, snapshot_code
