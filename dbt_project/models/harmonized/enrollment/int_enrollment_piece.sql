-- One row per span of an enrollment and piece of the school's term partition, with the instructional days
-- in it.
-- days is NULL where the school has no calendar for the year.
select
    span.vantage,
    span.person_id,
    span.district_code,
    span.local_student_id,
    span.school_code,
    span.school_year,
    span.entry_date,
    span.is_owned,
    span.known_from,
    coalesce(term.term_code, 'FY') as term_code,
    coalesce(term.is_t1, false) as is_t1,
    greatest(span.from_date, coalesce(term.from_date, span.from_date)) as from_date,
    least(span.to_date, coalesce(term.to_date, span.to_date)) as to_date,
    last_day.n_days - day_before.n_days as days
from {{ ref("int_enrollment_span") }} as span
left join
    {{ ref("int_term_span") }} as term
    on term.vantage = span.vantage
    and term.school_code = span.school_code
    and term.school_year = span.school_year
    and term.from_date <= span.to_date
    and term.to_date >= span.from_date
left join
    {{ ref("int_school_date") }} as last_day
    on last_day.vantage = span.vantage
    and last_day.school_code = span.school_code
    and last_day.school_year = span.school_year
    and last_day.calendar_date = least(span.to_date, coalesce(term.to_date, span.to_date))
left join
    {{ ref("int_school_date") }} as day_before
    on day_before.vantage = span.vantage
    and day_before.school_code = span.school_code
    and day_before.school_year = span.school_year
    and day_before.calendar_date = greatest(span.from_date, coalesce(term.from_date, span.from_date)) - 1
