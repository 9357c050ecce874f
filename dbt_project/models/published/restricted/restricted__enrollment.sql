-- One row per student, school and entry date.
select
    access.district as _release_district,
    access.student_key,
    enrollment.district_code,
    enrollment.school_code,
    enrollment.school_year,
    enrollment.grade_level,
    enrollment.entry_date,
    enrollment.exit_date,
    enrollment.exit_reason,
    enrollment.enrollment_status,
    enrollment.is_primary,
    cast(enrollment.days_expected as double) as days_expected,
    enrollment.known_from
from {{ ref("enrollment") }} as enrollment
inner join
    {{ ref("district_access") }} as access
    on access.person_id = enrollment.person_id
    and {{ may_see("access", "enrollment.district_code", "enrollment.entry_date") }}
where enrollment.vantage = 'current'
