-- One row per school, network, cohort and start year, as the hub sent it (versions by known_from).
select
    case when regexp_full_match(trim(school_code), '\d{14}') then trim(school_code) end as school_code,
    trim(network) as network,
    trim(cohort) as cohort,
    cast({{ read_integer("start_year") }} as integer) as start_year,
    cast({{ read_integer("end_year") }} as integer) as end_year,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from,
    _known_to as known_to,
    _is_versioned as is_versioned
from {{ source("raw", "core_hub__btsc_membership") }}
