-- One row per student, school_year, level and entity_code: what the state-aligned companions count of the
-- student there. Rows of a district and its schools stand in that district's database, all of them in the
-- last one's.
select
    access.district as _release_district,
    access.student_key,
    student.school_year,
    student.level,
    student.entity_code,
    student.is_census,
    student.starts_in_year,
    student.is_stable,
    student.has_changed_school,
    cast(student.expected_parts as double) / 2520 as days_expected,
    cast(student.absent_parts as double) / 2520 as days_absent,
    student.is_attendance_known,
    student.has_enough_days,
    student.is_chronic,
    student.is_discipline_known,
    student.n_suspensions,
    cast(student.suspension_days as double) as suspension_days
from ({{ companion_members(ref("companion_student")) }}) as student
inner join
    {{ ref("district_access") }} as access
    on access.person_id = student.person_id
    and (
        access.is_last
        or access.district_code
        = case student.level when 'district' then student.entity_code else student.parent_code end
    )
