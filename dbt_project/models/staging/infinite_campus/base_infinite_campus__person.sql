-- One row per district, person and version: the student number behind the person. A table: attendance is
-- joined to it.
{{ config(materialized="table") }}
select
    _district_code as district_code,
    person_id,
    student_number as local_student_id,
    known_from,
    known_to,
    is_versioned
from
    {{
        reference_versions(
            ref("base_infinite_campus__identity"), ["_district_code", "person_id"], ["student_number"]
        )
    }}
