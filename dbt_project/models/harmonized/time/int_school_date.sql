-- One row per vantage, school with a calendar, school year and date (the day before the year to its last
-- day): is it an
-- instructional day, and how many there were up to it. Days expected are differences of these counts.
-- Tonight's counts
-- end with the as-of date of the run; days of a summer session after the last regular term are none of the
-- year.
with
    calendar as (
        select
            days.vantage,
            days.district_code,
            days.school_code,
            days.school_year,
            days.calendar_date,
            max(days.n_periods) as n_periods
        from ({{ visible("calendar_day") }}) as days
        cross join {{ source("raw", "run") }} as run
        where days.calendar_date <= run.as_of
        group by all
    ),

    regular_end as (
        select vantage, school_code, school_year, max(end_date) as last_end
        from {{ ref("int_school_term") }}
        where is_credit_bearing and term_kind <> 'summer'
        group by all
    ),

    regular_days as (
        select calendar.*
        from calendar
        left join regular_end using (vantage, school_code, school_year)
        left join
            {{ ref("int_school_term") }} as summer
            on summer.vantage = calendar.vantage
            and summer.school_code = calendar.school_code
            and summer.school_year = calendar.school_year
            and summer.term_kind = 'summer'
        where
            summer.term_code is null
            or regular_end.last_end is null
            or calendar.calendar_date <= regular_end.last_end
            or calendar.calendar_date not between summer.start_date
            and summer.end_date
    ),

    schools as (
        select vantage, district_code, school_code, school_year, max(n_periods) as usual_periods
        from regular_days
        group by all
    ),

    dates as (select * from {{ dates_of_school_year("schools") }} as each_date)

select
    dates.vantage,
    dates.district_code,
    dates.school_code,
    dates.school_year,
    dates.calendar_date,
    regular_days.calendar_date is not null as is_school_day,
    coalesce(regular_days.n_periods, dates.usual_periods) as n_periods,
    cast(
        count(regular_days.calendar_date) over (
            partition by dates.vantage, dates.district_code, dates.school_code, dates.school_year
            order by dates.calendar_date
            rows unbounded preceding
        ) as integer
    ) as n_days
from dates
left join regular_days using (vantage, district_code, school_code, school_year, calendar_date)
