-- One row per student and cohort_year: a grade-9 primary enrollment in that year, as known tonight.
with
    measured as (
        select
            person_id,
            school_year as cohort_year,
            bool_or(has_grade9_primary) as is_ninth_grader,
            bool_or(has_grade9_primary and is_first_time_grade9) as is_first_time
        from {{ ref("student_window") }}
        where vantage = 'current'
        group by all
    ),

    -- no window of the year is due yet: the enrollments say who is in the cohort
    enrolled as (
        select distinct enrollment.person_id, enrollment.school_year as cohort_year
        from {{ ref("enrollment") }} as enrollment
        where
            enrollment.vantage = 'current'
            and enrollment.is_primary
            and enrollment.grade_level = '09'
            and (enrollment.exit_date is null or enrollment.exit_date >= enrollment.entry_date)
    )

select person_id, cohort_year, is_first_time
from measured
where is_ninth_grader
union all
select
    enrolled.person_id,
    enrolled.cohort_year,
    coalesce(student.first_grade9_year = enrolled.cohort_year, false)
from enrolled
left join {{ ref("student") }} as student on student.person_id = enrolled.person_id
where
    not exists (
        select 1
        from measured
        where measured.person_id = enrolled.person_id and measured.cohort_year = enrolled.cohort_year
    )
