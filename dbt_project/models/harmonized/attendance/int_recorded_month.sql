-- One row per person, school, school year, term and month (its first day) of a positive feed, tonight: school
-- days with a row.
select
    piece.person_id,
    piece.district_code,
    piece.school_code,
    piece.school_year,
    piece.term_code,
    cast(date_trunc('month', recorded.calendar_date) as date) as month_start,
    count(*) as n_recorded,
    max(recorded.calendar_date) as last_recorded
from {{ ref("canon_attendance_recorded") }} as recorded
inner join
    {{ ref("int_enrollment_piece") }} as piece
    on piece.vantage = 'current'
    and piece.is_owned
    and piece.district_code = recorded.district_code
    and piece.local_student_id = recorded.local_student_id
    and piece.school_code = recorded.school_code
    and piece.school_year = recorded.school_year
    and recorded.calendar_date between piece.from_date and piece.to_date
inner join
    {{ ref("int_school_date") }} as school_date
    on school_date.vantage = 'current'
    and school_date.school_code = recorded.school_code
    and school_date.school_year = recorded.school_year
    and school_date.calendar_date = recorded.calendar_date
    and school_date.is_school_day
where recorded.known_to is null
group by all
