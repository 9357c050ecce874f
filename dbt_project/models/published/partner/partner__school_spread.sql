-- One row per metric_code, cohort_year, snapshot_code, basis, rule_set and entity: how far its schools lie
-- apart,
-- and how much of that is more than chance.
{{ school_spread("partner") }}
