-- One row per vantage, person, school year and window (T1, EOY) of a student in grade 9 or later: credits
-- due, in terms of
-- the school: 50 a year since first entering grade 9, exactly (domain.md section 4). A late entrant from
-- outside with
-- nothing loaded owes only the terms with expected days of the year of entry, then and in later years.
with
    school_terms as (
        select
            vantage,
            school_code,
            school_year,
            count(distinct term_code) as n_terms,
            count(distinct term_code) filter (where is_done) as n_done
        from
            (
                select
                    span.vantage,
                    span.school_code,
                    span.school_year,
                    span.term_code,
                    span.term_end <= first_term.as_of as is_done
                from {{ ref("int_term_span") }} as span
                left join
                    {{ ref("int_window") }} as first_term
                    on first_term.vantage = span.vantage
                    and first_term.district_code = span.district_code
                    and first_term.school_year = span.school_year
                    and first_term.window_code = 'T1'
            ) as terms
        group by all
    ),

    parts as (
        select
            person.vantage,
            person.person_id,
            person.school_year,
            person.window_code,
            -- whole years before this one, less the year that was prorated
            {{ full_years("person.school_year", "first_grade9.pace_start_year", "prorated.entry_year") }}
            as full_years,
            coalesce(prorated.entry_year <= person.school_year, false) as is_prorated,
            case
                when prorated.entry_year < person.school_year then prorated.n_attended else 0
            end as earlier_terms,
            coalesce(prorated.n_terms, 1) as earlier_of,
            case
                when prorated.entry_year = person.school_year
                then prorated.n_attended
                when person.window_code = 'EOY'
                then coalesce(school_terms.n_terms, 1)
                else coalesce(school_terms.n_done, 0)
            end as running_terms,
            case
                when prorated.entry_year = person.school_year
                then prorated.n_terms
                else coalesce(school_terms.n_terms, 1)
            end as running_of
        from {{ ref("int_window_person") }} as person
        left join {{ ref("int_first_grade9") }} as first_grade9 using (vantage, person_id)
        left join
            {{ ref("int_late_entrant") }} as prorated
            on prorated.vantage = person.vantage
            and prorated.person_id = person.person_id
        left join
            school_terms
            on school_terms.vantage = person.vantage
            and school_terms.school_code = person.last_school_code
            and school_terms.school_year = person.school_year
        where person.grade_number >= 9
    )

select
    vantage,
    person_id,
    school_year,
    window_code,
    is_prorated as credits_prorated,
    {{ credits_due("full_years", "earlier_terms", "earlier_of", "running_terms", "running_of") }}
    as credits_due
from parts
