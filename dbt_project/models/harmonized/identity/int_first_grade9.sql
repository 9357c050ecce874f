-- One row per vantage and person: when grade 9 was first entered. first_hs_year is the first year with any
-- enrollment in
-- grade 9 or later, wherever it was and whatever its status.
with
    enrolled as (
        select
            vantage,
            person_id,
            min(school_year) filter (where grade_number = 9) as grade9_year,
            min(school_year) filter (where grade_number >= 9) as first_hs_year,
            min(entry_date) as first_entry_date
        from {{ ref("int_enrollment") }}
        group by all
    ),

    supplied as (
        select student.vantage, local.person_id, min(student.first_grade9_year) as supplied_year
        from {{ ref("int_student") }} as student
        inner join {{ ref("student_local") }} as local using (vantage, district_code, local_student_id)
        group by all
    )

select
    enrolled.vantage,
    enrolled.person_id,
    enrolled.first_hs_year,
    supplied.supplied_year,
    enrolled.first_entry_date,
    least(enrolled.grade9_year, supplied.supplied_year) as first_grade9_year,
    case
        when
            supplied.supplied_year < enrolled.grade9_year
            or enrolled.grade9_year is null
            and supplied.supplied_year is not null
        then 'district'
        when enrolled.grade9_year is not null
        then 'enrollment'
    end as first_grade9_source,
    least(enrolled.first_hs_year, supplied.supplied_year) as pace_start_year
from enrolled
left join supplied using (vantage, person_id)
