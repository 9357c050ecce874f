with
    days as (
        select
            {{ raw_tail() }},
            case when regexp_full_match(cds_code, '\d{14}') then cds_code end as school_code,
            {{ read_integer("school_year") }} as school_year,
            {{ read_date("cal_date") }} as calendar_date,
            null as day_number,
            null as n_periods
        from {{ source("raw", "calpads__misis_calendar") }}
    )
    {{ to_canonical("calendar_day", "days") }}
