-- One row per student, school, day (and period) that was not plain present: exceptions by period or by day.
with
    sent as (
        select
            student_school_year_gu,
            {{ read_date("abs_date") }} as calendar_date,
            bell_period as period,
            abs_reason,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_att_period") }}
        union all
        select
            student_school_year_gu,
            {{ read_date("abs_date") }} as calendar_date,
            null as period,
            abs_reason,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_att_daily") }}
    ),
    joined as (
        select
            r.district_code,
            ssy.local_student_id,
            ssy.school_code,
            ssy.school_year,
            r.calendar_date,
            r.period,
            a.value as category,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "ssy", "a"]) }}
        from sent as r
        inner join
            {{ ref("base_synergy__student_school_year") }} as ssy
            on r.district_code = ssy.district_code
            and r.student_school_year_gu = ssy.student_school_year_gu
            and {{ known_together("r", "ssy") }}
            {{ synergy_code("a", "r", "abs_reason", "attendance_category", "r.calendar_date") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("attendance_event", "known") }}
