-- One row per metric_code, cohort_year, level, entity_code, group and rule_set: the figure beside that of the
-- cohort before.
select * exclude (tier) from {{ ref("year_change") }} where tier = 'partner'
