-- One row per student, school year, term, district and school.
with
    terms as (
        select school_code, school_year, term_code, min(start_date) as start_date, max(end_date) as end_date
        from {{ ref("canon_term") }}
        where known_to is null
        group by all
    )

select
    access.district as _release_district,
    access.student_key,
    term.school_year,
    term.term_code,
    term.district_code,
    term.school_code,
    term.grade_level,
    term.entry_date,
    term.exit_date,
    term.enrollment_status,
    {{
        as_double(
            "term", ["credits_attempted", "credits_earned", "credits_graded", "grade_points", "n_f_core"]
        )
    }},
    term.n_df_core,
    term.n_df_elamath,
    {{ as_double("term", ["days_expected", "days_absent", "suspension_days"]) }},
    term.n_suspensions,
    term.groups,
    cast(term.supplied_gpa as double) as supplied_gpa,
    term.supplied_gpa_is_weighted,
    term.null_reason,
    term.source_file_id
from {{ ref("student_term") }} as term
inner join {{ ref("district_access") }} as access on access.person_id = term.person_id
left join terms using (school_code, school_year, term_code)
where
    {{
        may_see(
            "access",
            "term.district_code",
            "greatest(terms.start_date, term.entry_date)",
            "least(coalesce(terms.end_date, make_date(term.school_year, 6, 30)), term.exit_date)",
        )
    }}
