-- One row per school and school year reported: name, grades and staff of that year.
select
    school_code,
    school_year,
    district_code,
    school_name,
    school_type,
    low_grade,
    high_grade,
    coalesce(is_reporting, true) as is_reporting,
    staff_count
from {{ ref("canon_school") }}
where known_to is null and school_code is not null
qualify
    row_number() over (
        partition by school_code, school_year order by district_code, source_file_id, source_row
    )
    = 1
