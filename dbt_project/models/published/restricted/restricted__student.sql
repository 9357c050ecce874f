-- One row per student of the district.
select
    access.district as _release_district,
    access.student_key,
    student.ssid,
    access.district_code,
    access.local_student_id,
    student.birth_date,
    student.gender,
    student.race_ethnicity,
    student.el_status,
    student.first_grade9_year,
    student.first_grade9_source
from {{ ref("district_access") }} as access
inner join {{ ref("student") }} as student on student.person_id = access.person_id
