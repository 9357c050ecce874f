-- One row per vantage, person, school year and window: credits of grade 9 and later up to it. Summer
-- credits of earlier
-- years are in, those of the window's own year in EOYS only; a repeated course counts once.
with
    high_school_marks as (
        select mark.*, first_term.as_of as t1_as_of
        from {{ ref("int_mark_rule") }} as mark
        left join
            {{ ref("int_window") }} as first_term
            on first_term.vantage = mark.vantage
            and first_term.district_code = mark.district_code
            and first_term.school_year = mark.school_year
            and first_term.window_code = 'T1'
        where mark.is_high_school and mark.added_x3 > 0
    )

select
    person.vantage,
    person.person_id,
    person.school_year,
    codes.window_code,
    sum(mark.added_x3) as earned_total_x3
from {{ ref("int_window_person") }} as person
inner join
    (values ('T1', 'T1'), ('EOY', 'EOY'), ('EOY', 'EOYS')) as codes(person_window, window_code)
    on codes.person_window = person.window_code
inner join high_school_marks as mark on mark.vantage = person.vantage and mark.person_id = person.person_id
where
    mark.school_year < person.school_year
    or (
        mark.school_year = person.school_year
        and (mark.term_kind <> 'summer' or codes.window_code = 'EOYS')
        and (codes.window_code <> 'T1' or mark.term_end <= mark.t1_as_of)
    )
group by all
