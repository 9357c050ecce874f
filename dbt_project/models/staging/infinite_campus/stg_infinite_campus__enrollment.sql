-- One row per student, school and entry date. What the product does not report is left out: service type N,
-- and
-- enrollments, calendars and schools marked as excluded. P is primary, S secondary; a no-show is told by
-- its flag.
with
    sent as (
        select
            *,
            {{ read_date("start_date") }} as entry_date,
            {{ read_date("end_date") }} as exit_date,
            {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__enrollment") }}
        where service_type in ('P', 'S') and coalesce(state_exclude, '0') <> '1'
    ),
    joined as (
        select
            r.district_code,
            p.local_student_id,
            c.school_code,
            c.school_year,
            g.value as grade_level,
            r.entry_date,
            r.exit_date,
            case when r.no_show = '1' then 'N470' else x.value end as exit_reason,
            case
                when r.service_type = 'S' then '20' when r.short_term = '1' then '30' else '10'
            end as enrollment_status,
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
            {{ contract_code("g", "r", "grade", "grade_level", "r.entry_date") }}
            {{ contract_code("x", "r", "end_status", "exit_reason", "coalesce(r.exit_date, r.entry_date)") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("enrollment", "known") }}
