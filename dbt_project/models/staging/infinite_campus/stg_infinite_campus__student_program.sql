-- One row per student, program, value and start date.
with
    sent as (
        select
            *,
            {{ read_date("start_date") }} as starts_on,
            {{ read_date("end_date") }} as ends_on,
            {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__program") }}
    ),
    joined as (
        select
            r.district_code,
            p.local_student_id,
            g.value as program,
            case
                g.value
                when 'EL_STATUS'
                then e.value
                when 'MEALS'
                then f.value
                when 'PARENT_ED'
                then r.value
                else 'Y'
            end as value,
            r.starts_on as start_date,
            r.ends_on as end_date,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "p"]) }}
        from sent as r
        inner join
            {{ ref("base_infinite_campus__person") }} as p
            on r.district_code = p.district_code
            and r.person_id = p.person_id
            and {{ known_together("r", "p") }}
            {{ contract_code("g", "r", "program", "program", "r.starts_on") }}
            {{ contract_code("e", "r", "value", "el_status", "r.starts_on", "g.value = 'EL_STATUS'") }}
            {{ contract_code("f", "r", "value", "meals", "r.starts_on", "g.value = 'MEALS'") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("student_program", "known") }}
