-- One row per school, school year and instructional day of a month, as known when the month closed; in an
-- open month up to the last day of which the district sent anything. Days of a summer session after the last
-- regular term are none of the year.
with
    year_ends as (
        select school_code, school_year, max(end_date) as last_end
        from {{ ref("int_school_term") }}
        where vantage = 'current' and is_credit_bearing and term_kind <> 'summer'
        group by all
    ),

    summers as (
        select school_code, school_year, start_date, end_date
        from {{ ref("int_school_term") }}
        where vantage = 'current' and term_kind = 'summer'
    ),

    days as (
        select
            period.period_id,
            days.district_code,
            days.school_code,
            days.school_year,
            days.calendar_date,
            max(days.n_periods) as n_periods
        from {{ ref("canon_calendar_day") }} as days
        inner join
            {{ ref("series_period") }} as period
            on period.period_kind = 'month'
            and period.district_code = days.district_code
            and period.school_year = days.school_year
            and days.calendar_date between period.from_date and period.to_date
        where {{ known_at_close("days") }}
        group by all
    )

select
    'month' as vantage,
    days.period_id,
    days.district_code,
    days.school_code,
    days.school_year,
    days.calendar_date,
    true as is_school_day,
    coalesce(
        days.n_periods, max(days.n_periods) over (partition by days.school_code, days.school_year)
    ) as n_periods
from days
left join year_ends using (school_code, school_year)
left join summers using (school_code, school_year)
where
    not coalesce(
        days.calendar_date > year_ends.last_end
        and days.calendar_date between summers.start_date and summers.end_date,
        false
    )
