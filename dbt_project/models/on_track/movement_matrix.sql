-- One row per district credited, cohort_year, basis, end_snapshot_code, start_lane, end_lane and rule_set:
-- students with both lanes. Every movement metric can be derived from it.
select district_code, cohort_year, basis, end_snapshot_code, start_lane, end_lane, rule_set, count(*) as n
from {{ ref("student_movement") }}
where movement is not null and district_code is not null
group by all
