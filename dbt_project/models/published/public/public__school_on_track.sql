-- One row per school, cohort_year, group and rule_set: figures of table metric side by side, and their
-- denominators.
{{ school_on_track(ref("public__metric")) }}
