-- One row per student, snapshot_code, cohort_year and rule_set that is known otherwise tonight than when it
-- was frozen.
{{ released_snapshots(ref("student_snapshot_current")) }}
