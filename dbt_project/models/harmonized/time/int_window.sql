-- One row per vantage, district, school year and window: its as-of date, and whether it is due and frozen
-- tonight.
with
    days as (
        select vantage, district_code, school_code, school_year, calendar_date
        from ({{ visible("calendar_day") }}) as calendar
    ),

    schools as (select * from {{ ref("int_school") }}),

    terms as (select * from {{ ref("int_school_term") }}),

    dates as ({{ window_dates("vantage", "schools", "terms", "days") }})

select
    dates.vantage,
    dates.district_code,
    dates.school_year,
    dates.window_code,
    dates.as_of,
    dates.as_of_grade8,
    frozen.freeze_date,
    coalesce(dates.as_of <= run.as_of, false) as is_due,
    coalesce(frozen.freeze_date <= run.as_of, false) as is_frozen
from dates
left join {{ ref("int_freeze") }} as frozen using (school_year, window_code)
cross join {{ source("raw", "run") }} as run
