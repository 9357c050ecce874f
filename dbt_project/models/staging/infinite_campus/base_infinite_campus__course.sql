-- One row per district, school year, course and version.
select
    _district_code as district_code,
    end_year,
    course_id,
    course_number,
    course_name,
    state_code,
    case uc_csu when '1' then true when '0' then false end as is_ag,
    known_from,
    known_to,
    is_versioned
from
    {{
        reference_versions(
            source("raw", "infinite_campus__course"),
            ["_district_code", "end_year", "course_id"],
            ["course_number", "course_name", "state_code", "uc_csu"],
            unknown_before=true,
        )
    }}
