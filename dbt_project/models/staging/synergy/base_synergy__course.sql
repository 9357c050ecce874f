-- One row per district, COURSE_GU and version: the course behind the GUID.
select
    _district_code as district_code,
    course_gu,
    course_id,
    course_title,
    state_course_code,
    case uc_csu_approved when 'Y' then true when 'N' then false end as is_ag,
    known_from,
    known_to,
    is_versioned
from
    {{
        reference_versions(
            source("raw", "synergy__epc_crs"),
            ["_district_code", "course_gu"],
            ["course_id", "course_title", "state_course_code", "uc_csu_approved"],
            unknown_before=true,
        )
    }}
