-- One row per student, school year and group; a group starts at the latest with the school year's first
-- day.
select
    access.district as _release_district,
    access.student_key,
    student_group.school_year,
    student_group.group_type,
    student_group.group_code,
    student_group.district_code,
    student_group.start_date,
    student_group.end_date
from {{ ref("student_group_year") }} as student_group
inner join
    {{ ref("district_access") }} as access
    on access.person_id = student_group.person_id
    and {{
        may_see(
            "access",
            "student_group.district_code",
            "coalesce(student_group.start_date, make_date(student_group.school_year - 1, 7, 1))",
            "coalesce(student_group.start_date, make_date(student_group.school_year - 1, 7, 1))",
        )
    }}
