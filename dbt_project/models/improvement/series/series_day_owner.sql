-- One row per month, student and school day that more than one enrollment of the student covers: the
-- enrollment whose day it is. 10 over 30, then the later entry, then the lowest school code.
with
    contested as (
        select period_id, district_code, local_student_id
        from {{ ref("series_enrollment") }}
        where period_kind = 'month'
        group by all
        having count(*) > 1
    )

select
    enrollment.period_id,
    enrollment.district_code,
    enrollment.local_student_id,
    days.calendar_date,
    min_by(
        enrollment.school_code,
        (enrollment.enrollment_status, date '2200-01-01' - enrollment.entry_date, enrollment.school_code)
    ) as school_code
from {{ ref("series_enrollment") }} as enrollment
semi join contested using (period_id, district_code, local_student_id)
inner join
    {{ ref("series_school_date") }} as days
    on days.period_id = enrollment.period_id
    and days.school_code = enrollment.school_code
    and days.calendar_date between enrollment.from_date and enrollment.to_date
group by all
