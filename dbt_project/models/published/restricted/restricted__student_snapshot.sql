-- One row per student, snapshot_code, cohort_year and rule_set: frozen, or provisional until the freeze;
-- those
-- of progress periods (G9_P1, G9_P2, ...) stay provisional.
{{ released_snapshots(ref("student_snapshot")) }}
union all
{{ released_snapshots(ref("progress_snapshot")) }}
