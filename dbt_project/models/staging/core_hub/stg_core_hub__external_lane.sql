-- One row per rule set, SSID, cohort year and snapshot of a lane that was computed elsewhere.
select
    trim(rule_set) as rule_set,
    {{ read_ssid("ssid") }} as ssid,
    {{ read_integer("cohort_year") }} as cohort_year,
    trim(snapshot_code) as snapshot_code,
    {{ read_integer("lane") }} as lane,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from,
    _known_to as known_to,
    _is_versioned as is_versioned
from {{ source("raw", "core_hub__external_lane") }}
