-- One row per SSID that stewards found to be a second one of the same student.
select
    {{ read_ssid("ssid_from") }} as ssid_from,
    {{ read_ssid("ssid_to") }} as ssid_to,
    cast({{ read_date("decided_on") }} as date) as decided_on,
    trim(reason) as reason,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from,
    _known_to as known_to,
    _is_versioned as is_versioned
from {{ source("raw", "core_hub__ssid_merge") }}
