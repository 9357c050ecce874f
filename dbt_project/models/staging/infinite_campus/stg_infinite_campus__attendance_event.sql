-- One row per student, school, day and period that was not plain present. A period is absent only if the
-- status of its
-- code is absent (A) and no minute was present; some minutes make it an attended period, present rows are
-- no events.
with
    sent as (
        select *, {{ read_date("date") }} as calendar_date, {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__attendance") }}
    ),
    joined as (
        select
            r.district_code,
            p.local_student_id,
            c.school_code,
            c.school_year,
            r.calendar_date,
            r.period,
            case
                when a.value not in ('excused', 'unexcused', 'oss', 'nonada_is')
                then a.value
                when r.status = 'A' and coalesce({{ read_integer("r.present_minutes") }}, 0) = 0
                then a.value
                when r.status = 'T'
                then 'tardy'
                when a.value is not null
                then 'other_present'
            end as category,
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
            {{ contract_code("a", "r", "code", "attendance_category", "r.calendar_date") }}
        where a.value is distinct from 'present'
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("attendance_event", "known") }}
