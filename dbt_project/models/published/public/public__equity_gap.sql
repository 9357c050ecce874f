-- One row per metric_code, cohort_year, snapshot_code, basis, level, entity_code, group and rule_set: how far
-- the group is from all other students.
select * exclude (tier) from {{ ref("group_gap") }} where tier = 'public'
