-- One row per student, program, value and start date, from the four program tables.
with
    sent as (
        select
            student_gu,
            'EL_STATUS' as program_code,
            ell_status as value_code,
            enter_date,
            exit_date,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_pgm_ell") }}
        union all
        select
            student_gu,
            'MEALS' as program_code,
            frm_code as value_code,
            enter_date,
            exit_date,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_pgm_frm") }}
        union all
        select student_gu, 'SWD' as program_code, null as value_code, enter_date, exit_date, {{ raw_tail() }}
        from {{ source("raw", "synergy__ep_student_iep") }}
        union all
        select student_gu, program_code, program_value as value_code, enter_date, exit_date, {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_pgm") }}
    ),
    dated as (
        select *, {{ read_date("enter_date") }} as start_date, {{ read_date("exit_date") }} as end_date
        from sent
    ),
    joined as (
        select
            r.district_code,
            s.local_student_id,
            case
                when r.program_code in ('EL_STATUS', 'MEALS', 'SWD') then r.program_code else g.value
            end as program,
            case
                when r.program_code = 'EL_STATUS'
                then e.value
                when r.program_code = 'MEALS'
                then f.value
                when g.value = 'PARENT_ED'
                then r.value_code
                else 'Y'
            end as value,
            r.start_date,
            r.end_date,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "s", "g", "e", "f"]) }}
        from dated as r
        inner join
            {{ ref("base_synergy__student") }} as s
            on r.district_code = s.district_code
            and r.student_gu = s.student_gu
            and {{ known_together("r", "s") }}
            {{ synergy_code("g", "r", "program_code", "program", "r.start_date") }}
            {{
                synergy_code(
                    "e", "r", "value_code", "el_status", "r.start_date", "r.program_code = 'EL_STATUS'"
                )
            }}
            {{ synergy_code("f", "r", "value_code", "meals", "r.start_date", "r.program_code = 'MEALS'") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("student_program", "known") }}
