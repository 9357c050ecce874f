-- One row per student, snapshot_code, cohort_year and rule_set: frozen, or provisional until the freeze.
{{ released_snapshots(ref("student_snapshot")) }}
