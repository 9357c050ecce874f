-- One row per person with a grade-9 primary enrollment in the year, school year and progress period of the
-- district in which the person is enrolled on its as-of date. Enrolled is who is so for any window.
with
    ninth_graders as (
        select distinct enrollment.person_id, enrollment.school_year
        from {{ ref("enrollment") }} as enrollment
        inner join {{ ref("int_enrollment") }} as internal using (vantage, person_id, school_code, entry_date)
        where enrollment.vantage = 'current' and enrollment.is_primary and internal.grade_number = 9
    ),

    placed as (
        select
            enrollment.person_id,
            enrollment.school_year,
            period.period,
            period.as_of,
            enrollment.district_code,
            enrollment.school_code,
            enrollment.grade_level,
            internal.grade_number,
            enrollment.entry_date,
            internal.last_date,
            span.person_id is not null as covers,
            enrollment.entry_date <= period.as_of
            and coalesce(
                enrollment.exit_reason = 'E155'
                and enrollment.exit_date between period.as_of - 30 and period.as_of - 1,
                false
            ) as ended_with_year
        from {{ ref("int_progress_period") }} as period
        inner join
            {{ ref("enrollment") }} as enrollment
            on enrollment.vantage = 'current'
            and enrollment.district_code = period.district_code
            and enrollment.school_year = period.school_year
            and enrollment.is_primary
        inner join {{ ref("int_enrollment") }} as internal using (vantage, person_id, school_code, entry_date)
        semi join
            ninth_graders
            on ninth_graders.person_id = enrollment.person_id
            and ninth_graders.school_year = enrollment.school_year
        left join
            {{ ref("int_enrollment_span") }} as span
            on span.vantage = 'current'
            and span.person_id = enrollment.person_id
            and span.school_code = enrollment.school_code
            and span.entry_date = enrollment.entry_date
            and span.is_owned
            and period.as_of between span.from_date and span.to_date
    )

select *
from placed
where covers or ended_with_year
-- who moved between the ends of two districts' periods is where the later entry is
qualify
    row_number() over (
        partition by person_id, school_year, period
        order by covers desc, ended_with_year desc, entry_date desc, last_date desc, school_code desc
    )
    = 1
