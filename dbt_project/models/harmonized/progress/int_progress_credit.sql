-- One row per person, school year and progress period in grade 9 or later: credits that final marks earned by
-- the as-of date, and credits due by then, the running year counting the terms that are over.
with
    earned as (
        select person.person_id, person.school_year, person.period, sum(mark.added_x3) as earned_total_x3
        from {{ ref("int_progress_person") }} as person
        inner join
            {{ ref("int_mark_rule") }} as mark
            on mark.vantage = 'current'
            and mark.person_id = person.person_id
            and mark.is_high_school
            and mark.added_x3 > 0
            and (
                mark.school_year < person.school_year
                or (
                    mark.school_year = person.school_year
                    and mark.term_kind <> 'summer'
                    and mark.term_end <= person.as_of
                )
            )
        group by all
    ),

    school_terms as (
        select distinct school_code, school_year, term_code, term_end
        from {{ ref("int_term_span") }}
        where vantage = 'current'
    ),

    terms as (
        select
            person.person_id,
            person.school_year,
            person.period,
            count(*) as n_terms,
            count(*) filter (where term.term_end <= person.as_of) as n_done
        from {{ ref("int_progress_person") }} as person
        inner join school_terms as term using (school_code, school_year)
        group by all
    ),

    late_entrants as (
        select person_id, entry_year, n_attended, n_terms
        from {{ ref("int_late_entrant") }}
        where vantage = 'current'
    ),

    -- of a late entrant's first year the terms with expected days that are over
    entry_terms as (
        select
            person.person_id, person.school_year, person.period, count(distinct piece.term_code) as n_attended
        from {{ ref("int_progress_person") }} as person
        inner join
            late_entrants
            on late_entrants.person_id = person.person_id
            and late_entrants.entry_year = person.school_year
        inner join
            {{ ref("int_attendance_piece") }} as piece
            on piece.vantage = 'current'
            and piece.person_id = person.person_id
            and piece.school_year = person.school_year
            and piece.has_own_days
            and piece.days > 0
        inner join
            school_terms as term
            on term.school_code = piece.school_code
            and term.school_year = piece.school_year
            and term.term_code = piece.term_code
            and term.term_end <= person.as_of
        group by all
    ),

    parts as (
        select
            person.person_id,
            person.school_year,
            person.period,
            person.grade_number,
            {{ full_years("person.school_year", "first_grade9.pace_start_year", "prorated.entry_year") }}
            as full_years,
            coalesce(prorated.entry_year <= person.school_year, false) as credits_prorated,
            case
                when prorated.entry_year < person.school_year then prorated.n_attended else 0
            end as earlier_terms,
            coalesce(prorated.n_terms, 1) as earlier_of,
            case
                when prorated.entry_year = person.school_year
                then least(coalesce(entry_terms.n_attended, 0), prorated.n_terms)
                else coalesce(terms.n_done, 0)
            end as running_terms,
            case
                when prorated.entry_year = person.school_year
                then prorated.n_terms
                else coalesce(terms.n_terms, 1)
            end as running_of
        from {{ ref("int_progress_person") }} as person
        left join
            {{ ref("int_first_grade9") }} as first_grade9
            on first_grade9.vantage = 'current'
            and first_grade9.person_id = person.person_id
        left join late_entrants as prorated on prorated.person_id = person.person_id
        left join
            terms
            on terms.person_id = person.person_id
            and terms.school_year = person.school_year
            and terms.period = person.period
        left join
            entry_terms
            on entry_terms.person_id = person.person_id
            and entry_terms.school_year = person.school_year
            and entry_terms.period = person.period
    )

select
    parts.person_id,
    parts.school_year,
    parts.period,
    coalesce(earned.earned_total_x3, 0) as earned_total_x3,
    parts.credits_prorated and parts.grade_number >= 9 as credits_prorated,
    case
        when parts.grade_number >= 9
        then {{ credits_due("full_years", "earlier_terms", "earlier_of", "running_terms", "running_of") }}
    end as credits_due
from parts
left join earned using (person_id, school_year, period)
