-- Question: Which schools of the network meet the aim, and does the network?
-- Tier: partner
-- Answer: One row per school and one for the network, for the latest cohort with all snapshots: change of the
-- movement rate (aim: a fifth more) and of the off-track rate from grade 9 to 10 (aim: a fifth less),
-- relative
-- to the cohort before the school joined.
-- Mind: met is empty where a school cannot be evaluated, for the reason beside it (too few students,
-- hidden, not
-- frozen yet). The network meets the aim when 75% of the schools evaluated do. A fifth of a small rate is few
-- students: look at the counts.
select
    entity_name,
    btsc_cohort,
    cohort_year,
    movement_base_n,
    movement_current_n,
    movement_change,
    off_track_change,
    aim_met as met,
    not_evaluated_reason,
    n_schools_met,
    n_schools_evaluated
from aim_progress
where rule_set = 'core5_v1' and is_latest
order by school_code is null, aim_met desc nulls last, entity_name, btsc_cohort
