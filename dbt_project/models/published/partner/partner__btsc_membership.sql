-- One row per school, network, cohort and start year.
select school_code, network, cohort, start_year, end_year
from {{ ref("stg_core_hub__btsc_membership") }}
where known_to is null and school_code is not null
qualify
    row_number() over (
        partition by school_code, network, cohort, start_year order by source_file_id, source_row
    )
    = 1
