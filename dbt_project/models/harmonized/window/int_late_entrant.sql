-- One row per vantage and person who entered late from outside with nothing loaded: the year of entry is owed
-- by its terms with expected days only (domain.md section 4).
with
    first_entries as (
        select
            enrollment.vantage,
            enrollment.person_id,
            enrollment.school_year as entry_year,
            enrollment.entry_date,
            enrollment.district_code
        from {{ ref("int_enrollment") }} as enrollment
        where enrollment.grade_number >= 9
        qualify
            row_number() over (
                partition by enrollment.vantage, enrollment.person_id
                order by enrollment.entry_date, enrollment.school_code
            )
            = 1
    ),

    late_entrants as (
        select first_entries.vantage, first_entries.person_id, first_entries.entry_year
        from first_entries
        inner join {{ ref("int_first_grade9") }} as first_grade9 using (vantage, person_id)
        inner join
            {{ ref("int_window") }} as first_term
            on first_term.vantage = first_entries.vantage
            and first_term.district_code = first_entries.district_code
            and first_term.school_year = first_entries.entry_year
            and first_term.window_code = 'T1'
        where
            first_entries.entry_date > first_term.as_of
            and first_entries.entry_date = first_grade9.first_entry_date
            and not exists (
                select 1
                from {{ ref("int_mark_rule") }} as mark
                where
                    mark.vantage = first_entries.vantage
                    and mark.person_id = first_entries.person_id
                    and mark.term_end < first_entries.entry_date
            )
    ),

    -- the terms of the entry year with expected days, of the terms of the last school there
    entry_terms as (
        select
            piece.vantage,
            piece.person_id,
            piece.school_year as entry_year,
            count(distinct piece.term_code) as n_attended
        from {{ ref("int_attendance_piece") }} as piece
        inner join
            late_entrants
            on late_entrants.vantage = piece.vantage
            and late_entrants.person_id = piece.person_id
            and late_entrants.entry_year = piece.school_year
        where piece.days > 0 and piece.has_own_days
        group by all
    ),

    entry_school as (
        select
            enrollment.vantage,
            enrollment.person_id,
            enrollment.school_year as entry_year,
            enrollment.school_code
        from {{ ref("enrollment") }} as enrollment
        inner join
            late_entrants
            on late_entrants.vantage = enrollment.vantage
            and late_entrants.person_id = enrollment.person_id
            and late_entrants.entry_year = enrollment.school_year
        qualify
            row_number() over (
                partition by enrollment.vantage, enrollment.person_id
                order by enrollment.is_primary desc, enrollment.entry_date desc, enrollment.school_code
            )
            = 1
    ),

    school_terms as (
        select vantage, school_code, school_year, count(distinct term_code) as n_terms
        from {{ ref("int_term_span") }}
        group by all
    )

select
    late_entrants.vantage,
    late_entrants.person_id,
    late_entrants.entry_year,
    least(coalesce(entry_terms.n_attended, 0), school_terms.n_terms) as n_attended,
    school_terms.n_terms
from late_entrants
inner join entry_school using (vantage, person_id, entry_year)
inner join
    school_terms
    on school_terms.vantage = entry_school.vantage
    and school_terms.school_code = entry_school.school_code
    and school_terms.school_year = entry_school.entry_year
left join entry_terms using (vantage, person_id, entry_year)
