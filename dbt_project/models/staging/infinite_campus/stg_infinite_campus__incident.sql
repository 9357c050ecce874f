-- One row per student, incident and resolution; a resolution that is not reported (300, 400) has no type
-- and no days.
with
    sent as (
        select *, {{ read_date("incident_date") }} as happened_on, {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__behavior") }}
    ),
    joined as (
        select
            r.district_code,
            p.local_student_id,
            c.school_code,
            c.school_year,
            r.incident_id,
            r.happened_on as incident_date,
            nullif(s.value, 'NONE') as suspension_type,
            case
                when s.value <> 'NONE' then {{ read_decimal("r.resolution_days", "decimal(7,3)") }}
            end as suspension_days,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "p", "c"]) }}
        from sent as r
        inner join
            {{ ref("base_infinite_campus__person") }} as p
            on r.district_code = p.district_code
            and r.person_id = p.person_id
            and {{ known_together("r", "p") }}
        inner join
            {{ ref("base_infinite_campus__calendar") }} as c
            on r.district_code = c.district_code
            and r.calendar_id = c.calendar_id
            and not c.is_excluded
            and {{ known_together("r", "c") }}
            {{ contract_code("s", "r", "resolution", "suspension_type", "r.happened_on") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("incident", "known") }}
