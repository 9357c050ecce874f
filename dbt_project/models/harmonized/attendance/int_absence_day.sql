-- One row per vantage, student, school and instructional day with an absence or in-school suspension, in
-- 2520ths of a day; how many missed periods make a day is the district's period_absent_rule.
with
    missed as ({{ days_missed(visible("attendance_event", years="same")) }}),

    with_parts as (select *, {{ parts_of_missed_periods("period_absent_rule") }} as parts from missed)

select
    vantage,
    district_code,
    local_student_id,
    school_code,
    school_year,
    calendar_date,
    category,
    cast(case when is_absent then parts else 0 end as integer) as absent_parts,
    cast(case when is_absent then 0 else parts end as integer) as iss_parts,
    known_from
from with_parts
where parts > 0
