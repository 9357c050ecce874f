-- One row per person, school year and group code of language and program that a span puts the person in,
-- any day of the
-- year, as known on the date of int_group_date; known_status rows say that a language status other than TBD
-- is known.
with
    spans as (
        select
            year.person_id,
            year.school_year,
            span.program,
            span.value,
            greatest(span.start_date, make_date(year.school_year - 1, 7, 1)) as start_date,
            least(span.end_date, make_date(year.school_year, 6, 30)) as end_date
        from {{ ref("int_person_year") }} as year
        inner join
            {{ ref("int_program_span") }} as span
            on span.person_id = year.person_id
            and span.school_year = year.school_year
            and span.start_date <= make_date(year.school_year, 6, 30)
            and span.end_date >= make_date(year.school_year - 1, 7, 1)
            and span.end_date >= span.start_date
    ),

    first_el as (
        select person_id, school_year, min(start_date) as first_el_date
        from {{ ref("int_program_span") }}
        where program = 'EL_STATUS' and value = 'EL' and start_date > date '1900-01-01'
        group by all
    ),

    members as (
        select person_id, school_year, 'language' as group_type, value as group_code, start_date, end_date
        from spans
        where program = 'EL_STATUS' and value in ('EL', 'RFEP', 'TBD')
        union all
        select person_id, school_year, 'language', 'EL_RFEP', start_date, end_date
        from spans
        where program = 'EL_STATUS' and value in ('EL', 'RFEP')
        union all
        -- EC 52052: not proficient within seven years of the first EL classification
        select
            spans.person_id,
            spans.school_year,
            'language',
            'LTEL',
            greatest(spans.start_date, cast(first_el.first_el_date + interval 7 year as date)),
            spans.end_date
        from spans
        inner join first_el using (person_id, school_year)
        where
            spans.program = 'EL_STATUS'
            and spans.value = 'EL'
            and spans.end_date >= cast(first_el.first_el_date + interval 7 year as date)
        union all
        select person_id, school_year, 'language', 'KNOWN_STATUS', start_date, end_date
        from spans
        where program = 'EL_STATUS' and value <> 'TBD'
        union all
        select person_id, school_year, 'program', program, start_date, end_date
        from spans
        where program in ('SWD', 'FOSTER', 'HOMELESS') and value = 'Y'
        union all
        -- socio-economically disadvantaged by any of the criteria that districts send
        select person_id, school_year, 'program', 'SED', start_date, end_date
        from spans
        where
            (program in ('FOSTER', 'HOMELESS', 'MIGRANT') and value = 'Y')
            or (program = 'MEALS' and value in ('F', 'R'))
            or (program = 'PARENT_ED' and value = '14')
    )

select
    person_id, school_year, group_type, group_code, min(start_date) as start_date, max(end_date) as end_date
from members
group by all
