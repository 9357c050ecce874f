{{ config(materialized="table") }}

-- Which date a school day's number means: absences of some districts name the number alone.
with
    days as (
        select
            day._district_code as district_code,
            {{ aeries_school_year("day") }} as school_year,
            trim(day.sc) as local_school_code,
            {{ read_integer("day.dy") }} as day_number,
            {{ read_date("day.dt") }} as calendar_date,
            day._known_from,
            day._file_id,
            day._row
        from {{ source("raw", "aeries__day") }} as day
    ),
    numbered as (select * from days where day_number is not null)

select *
from
    {{
        aeries_spans(
            "numbered",
            ["district_code", "school_year", "local_school_code", "day_number"],
            ["calendar_date"],
        )
    }}
