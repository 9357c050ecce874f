-- One row per school and instructional day: a school day on which attendance is taken.
with
    sent as (
        select *, {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__day") }}
        where school_day = '1' and attendance = '1'
    ),
    joined as (
        select
            r.district_code,
            c.school_code,
            c.school_year,
            {{ read_date("r.date") }} as calendar_date,
            null as day_number,
            {{ read_integer("r.periods") }} as n_periods,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "c"]) }}
        from sent as r
        inner join
            {{ ref("base_infinite_campus__calendar") }} as c
            on r.district_code = c.district_code
            and r.calendar_id = c.calendar_id
            and not c.is_excluded
            and {{ known_together("r", "c") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("calendar_day", "known") }}
