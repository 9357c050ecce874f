-- One row per district, snapshot_code, cohort_year and known_on: frozen snapshots that were restated.
select
    restatement.district_code,
    definition.snapshot_code,
    cast(restatement.school_year - definition.year_offset as integer) as cohort_year,
    restatement.school_year,
    restatement.known_on,
    restatement.decided_on,
    restatement.reason
from {{ source("raw", "restatement") }} as restatement
inner join {{ ref("snapshot_definition") }} as definition on definition.window_code = restatement.window_code
