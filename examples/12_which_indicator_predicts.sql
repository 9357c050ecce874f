-- Question: Which indicator known at the end of grade 9 tells best who is on track at the end of grade 10?
-- Tier: partner
-- Answer: One row per indicator, best first. auc is the chance that a student who is on track a year later
-- had the better value than one who is not (0.5: no better than a coin); lane_auc is that of the lane over
-- the same students.
-- Mind: Lanes have five values and most indicators two, which alone gives lanes an advantage. That an
-- indicator predicts says nothing about what helps. Settled cohorts only.
select predictor, n, n_outcome, rate, auc, lane_auc, auc - lane_auc as beyond_lane
from lane_validity
where
    snapshot_code = 'G9_EOY'
    and outcome = 'on_track_g10'
    and predictor_value = 'all'
    and group_code = 'ALL'
    and rule_set = 'core5_v1'
order by auc desc nulls last, predictor
