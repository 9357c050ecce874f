-- One row per district, school year, section and version.
select
    _district_code as district_code,
    end_year,
    section_id,
    section_number,
    course_id,
    known_from,
    known_to,
    is_versioned
from
    {{
        reference_versions(
            source("raw", "infinite_campus__section"),
            ["_district_code", "end_year", "section_id"],
            ["section_number", "course_id"],
            unknown_before=true,
        )
    }}
