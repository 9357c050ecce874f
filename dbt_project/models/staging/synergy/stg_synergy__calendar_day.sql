-- One row per school and instructional day: the days of the attendance calendar that are no holiday.
with
    sent as (
        select *, {{ raw_tail() }} from {{ source("raw", "synergy__epc_sch_att_cal") }} where holiday is null
    ),
    joined as (
        select
            r.district_code,
            o.school_code,
            o.school_year,
            {{ read_date("r.cal_date") }} as calendar_date,
            {{ read_integer("r.day_number") }} as day_number,
            {{ read_integer("r.bell_periods") }} as n_periods,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "o"]) }}
        from sent as r
        inner join
            {{ ref("base_synergy__organization_year") }} as o
            on r.district_code = o.district_code
            and r.organization_year_gu = o.organization_year_gu
            and {{ known_together("r", "o") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("calendar_day", "known") }}
