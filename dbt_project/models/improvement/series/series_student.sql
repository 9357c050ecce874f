-- One row per period, district and local student id enrolled in grade 9 in it: the school of the last day in
-- the period, at which all that the district knows of the student in the period counts. So schools add up
-- to their district. NULL: a school that is never credited.
with
    placed as (
        select
            period_id,
            period_kind,
            district_code,
            local_student_id,
            school_year,
            max_by(
                school_code,
                (to_date, case enrollment_status when '10' then 1 else 0 end, entry_date, school_code)
            ) as school_code
        from {{ ref("series_enrollment") }}
        group by all
    )

select
    placed.* exclude (school_code),
    case when coalesce(school.is_reporting, true) then placed.school_code end as school_code
from placed
left join
    {{ ref("int_school") }} as school
    on school.vantage = 'current'
    and school.school_code = placed.school_code
    and school.school_year = placed.school_year
