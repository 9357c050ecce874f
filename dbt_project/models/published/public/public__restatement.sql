-- One row per district, snapshot_code, cohort_year and known_on: frozen snapshots that were restated.
select * from {{ ref("partner__restatement") }}
