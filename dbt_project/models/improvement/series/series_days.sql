-- One row per month, district and local student id with days: days expected and parts absent (of 2520 a day).
with
    contested as (
        select distinct period_id, district_code, local_student_id from {{ ref("series_day_owner") }}
    ),

    alone as (
        select enrollment.*
        from {{ ref("series_enrollment") }} as enrollment
        anti join contested using (period_id, district_code, local_student_id)
        where enrollment.period_kind = 'month'
    ),

    -- most students are there all month: each span of a school's month is counted once
    span_days as (
        select spans.period_id, spans.school_code, spans.from_date, spans.to_date, count(*) as days
        from (select distinct period_id, school_code, from_date, to_date from alone) as spans
        inner join
            {{ ref("series_school_date") }} as days
            on days.period_id = spans.period_id
            and days.school_code = spans.school_code
            and days.calendar_date between spans.from_date and spans.to_date
        group by all
    ),

    expected as (
        select alone.period_id, alone.district_code, alone.local_student_id, sum(span_days.days) as days
        from alone
        inner join span_days using (period_id, school_code, from_date, to_date)
        group by all
        union all
        select period_id, district_code, local_student_id, count(*)
        from {{ ref("series_day_owner") }}
        group by all
    ),

    students as (
        select distinct district_code, local_student_id, school_year
        from {{ ref("series_enrollment") }}
        where period_kind = 'month'
    ),

    missed as (
        {{
            days_missed(
                "select 'month' as vantage, event.* from "
                ~ ref("canon_attendance_event")
                ~ " as event semi join students using (district_code, local_student_id, school_year) inner join "
                ~ ref("series_period")
                ~ " as period on period.period_kind = 'month' and period.district_code = event.district_code and period.school_year = event.school_year and event.calendar_date between period.from_date and period.to_date where "
                ~ known_at_close("event"),
                ref("series_school_date"),
            )
        }}
    ),

    absences as (
        select
            missed.district_code,
            missed.local_student_id,
            missed.school_code,
            missed.school_year,
            missed.calendar_date,
            {{ parts_of_missed_periods("period_absent_rule") }} as parts
        from missed
        where missed.is_absent
    ),

    absent as (
        select alone.period_id, alone.district_code, alone.local_student_id, absences.parts
        from absences
        inner join
            alone
            on alone.district_code = absences.district_code
            and alone.local_student_id = absences.local_student_id
            and alone.school_code = absences.school_code
            and alone.school_year = absences.school_year
            and absences.calendar_date between alone.from_date and alone.to_date
        union all
        select owner.period_id, owner.district_code, owner.local_student_id, absences.parts
        from absences
        inner join
            {{ ref("series_day_owner") }} as owner
            on owner.district_code = absences.district_code
            and owner.local_student_id = absences.local_student_id
            and owner.calendar_date = absences.calendar_date
            and owner.school_code = absences.school_code
    ),

    absent_parts as (
        select period_id, district_code, local_student_id, sum(parts) as absent_parts from absent group by all
    )

select
    expected.period_id,
    expected.district_code,
    expected.local_student_id,
    cast(expected.days as bigint) as days,
    cast(coalesce(absent_parts.absent_parts, 0) as bigint) as absent_parts
from expected
left join absent_parts using (period_id, district_code, local_student_id)
