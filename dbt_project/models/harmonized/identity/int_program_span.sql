-- One row per person, school year, district, program, value and span, as known on the date of int_group_date;
-- school_year NULL: all spans known tonight. A new EL status ends the one before it, where the district
-- leaves
-- that one open.
with
    asked as (
        select
            local.person_id,
            year.school_year,
            local.district_code,
            local.local_student_id,
            group_date.known_on
        from {{ ref("student_local") }} as local
        inner join {{ ref("int_person_year") }} as year on year.person_id = local.person_id
        inner join
            {{ ref("int_group_date") }} as group_date
            on group_date.school_year = year.school_year
            and group_date.district_code = local.district_code
        where local.vantage = 'current'
        union all
        select local.person_id, null, local.district_code, local.local_student_id, run.as_of
        from {{ ref("student_local") }} as local
        cross join {{ source("raw", "run") }} as run
        where local.vantage = 'current'
    ),

    spans as (
        select
            asked.person_id,
            asked.school_year,
            program.district_code,
            program.program,
            program.value,
            coalesce(program.start_date, date '1900-01-01') as start_date,
            program.end_date,
            cast(
                lead(program.start_date) over (
                    partition by
                        program.district_code, program.local_student_id, program.program, asked.school_year
                    order by
                        program.start_date nulls first,
                        program.known_from,
                        program.value,
                        program.source_file_id,
                        program.source_row
                )
                - 1 as date
            ) as before_next
        from {{ ref("canon_student_program") }} as program
        inner join
            asked
            on asked.district_code = program.district_code
            and asked.local_student_id = program.local_student_id
        where program.value is not null and {{ known_then("program", "asked.known_on") }}
    )

select
    person_id,
    school_year,
    district_code,
    program,
    value,
    start_date,
    least(
        coalesce(end_date, date '9999-12-31'),
        case
            when program = 'EL_STATUS' then coalesce(before_next, date '9999-12-31') else date '9999-12-31'
        end
    ) as end_date
from spans
