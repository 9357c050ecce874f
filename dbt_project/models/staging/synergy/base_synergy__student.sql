-- One row per district, STUDENT_GU and version: the district's own student number behind the GUID.
select
    _district_code as district_code,
    student_gu,
    sis_number as local_student_id,
    known_from,
    known_to,
    is_versioned
from
    {{
        reference_versions(
            source("raw", "synergy__epc_stu"), ["_district_code", "student_gu"], ["sis_number"]
        )
    }}
