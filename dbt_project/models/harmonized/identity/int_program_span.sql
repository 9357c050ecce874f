-- One row per person, district, program, value and span, known tonight. A new EL status ends the one before
-- it, where the
-- district leaves that one open.
with
    spans as (
        select
            local.person_id,
            program.district_code,
            program.program,
            program.value,
            coalesce(program.start_date, date '1900-01-01') as start_date,
            program.end_date,
            cast(
                lead(program.start_date) over (
                    partition by program.district_code, program.local_student_id, program.program
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
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = program.district_code
            and local.local_student_id = program.local_student_id
        where program.known_to is null and program.value is not null
    )

select
    person_id,
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
