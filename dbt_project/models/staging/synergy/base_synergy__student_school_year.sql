-- One row per district, STUDENT_SCHOOL_YEAR_GU and version: the student, school and school year behind the
-- GUID.
-- Its enter and leave dates are bubbled up and not to be trusted: they stand in EPC_STU_ENROLL.
-- A table, since attendance is joined to it.
{{ config(materialized="table") }}
with
    joined as (
        select
            ssy._district_code as district_code,
            ssy.student_school_year_gu,
            s.local_student_id,
            o.school_code,
            o.school_year,
            {{ joint_version(["ssy", "s", "o"]) }}
        from
            {{
                reference_versions(
                    source("raw", "synergy__epc_stu_sch_yr"),
                    ["_district_code", "student_school_year_gu"],
                    ["student_gu", "organization_year_gu"],
                )
            }} as ssy
        inner join
            {{ ref("base_synergy__student") }} as s
            on ssy._district_code = s.district_code
            and ssy.student_gu = s.student_gu
        inner join
            {{ ref("base_synergy__organization_year") }} as o
            on ssy._district_code = o.district_code
            and ssy.organization_year_gu = o.organization_year_gu
    )
select *
from joined
where {{ was_known() }}
