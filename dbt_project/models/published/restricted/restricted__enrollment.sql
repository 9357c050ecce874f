-- One row per student, school and entry date. Of an enrollment in another district that began before the
-- student's last
-- day here, what came after that day (its end, and the days up to it) is not told.
{%- set is_told -%}
    {{
        may_see(
            "access",
            "enrollment.district_code",
            "enrollment.entry_date",
            "coalesce(enrollment.exit_date, date '9999-12-31')",
        )
    }}
{%- endset %}
select
    access.district as _release_district,
    access.student_key,
    enrollment.district_code,
    enrollment.school_code,
    enrollment.school_year,
    enrollment.grade_level,
    enrollment.entry_date,
    case when {{ is_told }} then enrollment.exit_date end as exit_date,
    case when {{ is_told }} then enrollment.exit_reason end as exit_reason,
    enrollment.enrollment_status,
    enrollment.is_primary,
    case when {{ is_told }} then cast(enrollment.days_expected as double) end as days_expected,
    enrollment.known_from
from {{ ref("enrollment") }} as enrollment
inner join
    {{ ref("district_access") }} as access
    on access.person_id = enrollment.person_id
    and {{ may_see("access", "enrollment.district_code", "enrollment.entry_date", "enrollment.entry_date") }}
where enrollment.vantage = 'current'
