-- One row per student, school, school year and term; the terms partition the year.
with
    terms as (
        select school_code, school_year, term_code, min(start_date) as start_date, max(end_date) as end_date
        from {{ ref("canon_term") }}
        where known_to is null
        group by all
    ),

    entries as (
        select
            person_id,
            school_code,
            school_year,
            min(entry_date) as entry_date,
            max(coalesce(exit_date, date '9999-12-31')) as exit_date
        from {{ ref("enrollment") }}
        where vantage = 'current'
        group by all
    )

select
    access.district as _release_district,
    access.student_key,
    attendance.district_code,
    attendance.school_code,
    attendance.school_year,
    attendance.term_code,
    {{
        as_double(
            "attendance",
            [
                "days_expected",
                "days_absent",
                "days_excused",
                "days_unexcused",
                "days_oss",
                "days_iss",
                "days_is_nonada",
                "days_overlap_removed",
                "unrecorded_days",
            ],
        )
    }},
    attendance.period_absent_rule,
    attendance.attendance_rate,
    attendance.known_from
from {{ ref("attendance_term") }} as attendance
inner join {{ ref("district_access") }} as access on access.person_id = attendance.person_id
left join terms using (school_code, school_year, term_code)
left join
    entries
    on entries.person_id = attendance.person_id
    and entries.school_code = attendance.school_code
    and entries.school_year = attendance.school_year
where
    attendance.vantage = 'current'
    and {{
        may_see(
            "access",
            "attendance.district_code",
            "greatest(terms.start_date, entries.entry_date)",
            "least(coalesce(terms.end_date, make_date(attendance.school_year, 6, 30)), entries.exit_date)",
        )
    }}
