-- One row per test of change (plan, do, study, act) of a school.
select
    trim(sent.pdsa_cycle_id) as pdsa_cycle_id,
    case
        when regexp_full_match(trim(sent.school_code), '\d{14}') then trim(sent.school_code)
    end as school_code,
    driver_map.value as driver,
    cast({{ read_date("sent.start_date") }} as date) as start_date,
    cast({{ read_date("sent.end_date") }} as date) as end_date,
    trim(sent.note) as note,
    sent._file_id as source_file_id,
    sent._row as source_row,
    sent._known_from as known_from,
    sent._known_to as known_to,
    sent._is_versioned as is_versioned
from {{ source("raw", "core_hub__pdsa_cycle") }} as sent
left join
    {{ source("raw", "code_map") }} as driver_map
    on driver_map.district_code = sent._district_code
    and driver_map.map_name = 'driver'
    and driver_map.code = trim(sent.driver)
