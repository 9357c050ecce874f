-- One row per district and focus area: a measure, where it stood and where it is to be by a date.
select
    case when regexp_full_match(trim(district_code), '\d{7}') then trim(district_code) end as district_code,
    trim(focus_area_id) as focus_area_id,
    trim(focus_area_name) as focus_area_name,
    trim(measure_code) as measure_code,
    trim(group_type) as group_type,
    trim(group_code) as group_code,
    cast({{ read_decimal("baseline", "decimal(9,4)") }} as decimal(9, 4)) as baseline,
    cast({{ read_decimal("aim", "decimal(9,4)") }} as decimal(9, 4)) as aim,
    cast({{ read_date("start_date") }} as date) as start_date,
    cast({{ read_date("aim_date") }} as date) as aim_date,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from,
    _known_to as known_to,
    _is_versioned as is_versioned
from {{ source("raw", "core_hub__focus_area") }}
