-- One row per person, school year, progress period and school: the enrollments' own days up to the as-of
-- date, and absences in 2520ths of a day. days is NULL where the school has no calendar.
with
    spans as (
        select
            person.person_id,
            person.school_year,
            person.period,
            span.district_code,
            span.local_student_id,
            span.school_code,
            span.from_date,
            least(span.to_date, person.as_of) as to_date
        from {{ ref("int_progress_person") }} as person
        inner join
            {{ ref("int_enrollment_span") }} as span
            on span.vantage = 'current'
            and span.person_id = person.person_id
            and span.school_year = person.school_year
            and span.is_owned
            and span.from_date <= person.as_of
    ),

    expected as (
        select
            spans.person_id,
            spans.school_year,
            spans.period,
            spans.district_code,
            spans.school_code,
            case
                when count(*) = count(last_day.n_days) then sum(last_day.n_days - day_before.n_days)
            end as days
        from spans
        left join
            {{ ref("int_school_date") }} as last_day
            on last_day.vantage = 'current'
            and last_day.school_code = spans.school_code
            and last_day.school_year = spans.school_year
            and last_day.calendar_date = spans.to_date
        left join
            {{ ref("int_school_date") }} as day_before
            on day_before.vantage = 'current'
            and day_before.school_code = spans.school_code
            and day_before.school_year = spans.school_year
            and day_before.calendar_date = spans.from_date - 1
        group by all
    ),

    absences as (
        select
            spans.person_id,
            spans.school_year,
            spans.period,
            spans.district_code,
            spans.school_code,
            sum(absence.absent_parts) as absent_parts
        from spans
        inner join
            {{ ref("int_absence_day") }} as absence
            on absence.vantage = 'current'
            and absence.district_code = spans.district_code
            and absence.local_student_id = spans.local_student_id
            and absence.school_code = spans.school_code
            and absence.school_year = spans.school_year
            and absence.calendar_date between spans.from_date and spans.to_date
        group by all
    )

select
    expected.person_id,
    expected.school_year,
    expected.period,
    expected.district_code,
    expected.school_code,
    cast(expected.days as bigint) as days,
    cast(coalesce(absences.absent_parts, 0) as bigint) as absent_parts
from expected
left join absences using (person_id, school_year, period, district_code, school_code)
