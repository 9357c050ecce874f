with
    day as (
        select *, {{ aeries_school_year("day") }} as school_year
        from {{ source("raw", "aeries__day") }} as day
        -- Minimum days and conference days are school days; @ not in session, # holiday and $ staff day are
        -- not.
        where coalesce(trim(day.hc), '') in ('', '%', '+')
    ),
    translated as (
        select
            day._district_code as district_code,
            school.school_code,
            day.school_year,
            {{ read_date("day.dt") }} as calendar_date,
            {{ read_integer("day.dy") }} as day_number,
            null as n_periods,
            day._file_id as source_file_id,
            day._row as source_row,
            {{ aeries_known("day", ["school"]) }}
        from day {{ aeries_school("day", "trim(day.sc)") }}
    )

    {{ to_canonical("calendar_day", "translated") }}
