-- One row per school or district, domain and day of a self-rating of its capability to improve.
select
    level_map.value as level,
    trim(sent.entity_code) as entity_code,
    domain_map.value as domain,
    cast({{ read_date("sent.rating_date") }} as date) as rating_date,
    cast({{ read_integer("sent.rating") }} as integer) as rating,
    sent._file_id as source_file_id,
    sent._row as source_row,
    sent._known_from as known_from,
    sent._known_to as known_to,
    sent._is_versioned as is_versioned
from {{ source("raw", "core_hub__capability_rating") }} as sent
left join
    {{ source("raw", "code_map") }} as level_map
    on level_map.district_code = sent._district_code
    and level_map.map_name = 'level'
    and level_map.code = trim(sent.level)
left join
    {{ source("raw", "code_map") }} as domain_map
    on domain_map.district_code = sent._district_code
    and domain_map.map_name = 'capability_domain'
    and domain_map.code = trim(sent.domain)
