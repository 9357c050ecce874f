-- Days of a window at the end of the year are those of its terms, and never fewer than the absences.
with
    terms as (
        select
            vantage,
            person_id,
            school_year,
            sum(days_expected) as days_expected,
            sum(days_absent) as days_absent
        from {{ ref("attendance_term") }}
        group by all
    )

select count(*) as n_rows
from {{ ref("student_window") }} as student_window
inner join terms using (vantage, person_id, school_year)
where
    student_window.window_code = 'EOY'
    and student_window.attendance_available
    and (
        student_window.days_expected <> terms.days_expected
        or student_window.days_absent <> terms.days_absent
        or student_window.days_absent > student_window.days_expected
    )
having count(*) > 0
