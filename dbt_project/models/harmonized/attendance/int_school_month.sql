-- One row per school, school year and month (its first day) with instructional days of a positive feed,
-- tonight: days
-- expected of its students, and those of them for which any row was sent. Days after the last one of which
-- the district sent
-- any row are not unrecorded: they were not sent yet.
with
    sent as (
        select district_code, max(last_recorded) as sent_through
        from {{ ref("int_recorded_month") }}
        group by all
    ),

    spans as (
        select piece.* replace (least(piece.to_date, sent.sent_through) as to_date)
        from {{ ref("int_enrollment_piece") }} as piece
        inner join {{ source("raw", "district") }} as district using (district_code)
        inner join sent using (district_code)
        inner join
            {{ ref("feed_coverage") }} as coverage
            on coverage.vantage = 'current'
            and coverage.district_code = piece.district_code
            and coverage.school_year = piece.school_year
            and coverage.feed = 'attendance'
            and coverage.is_available
        where piece.vantage = 'current' and piece.is_owned and district.attendance_form = 'positive'
    ),

    -- instructional days up to each date are counted already: a month of a span is a difference
    months as (
        select
            *,
            cast(
                unnest(
                    generate_series(
                        date_trunc('month', from_date), date_trunc('month', to_date), interval 1 month
                    )
                ) as date
            ) as month_start
        from spans
    ),

    expected as (
        select
            months.district_code,
            months.school_code,
            months.school_year,
            months.month_start,
            sum(last_day.n_days - day_before.n_days) as days_expected
        from months
        inner join
            {{ ref("int_school_date") }} as last_day
            on last_day.vantage = 'current'
            and last_day.school_code = months.school_code
            and last_day.school_year = months.school_year
            and last_day.calendar_date
            = least(months.to_date, cast(months.month_start + interval 1 month - interval 1 day as date))
        inner join
            {{ ref("int_school_date") }} as day_before
            on day_before.vantage = 'current'
            and day_before.school_code = months.school_code
            and day_before.school_year = months.school_year
            and day_before.calendar_date = greatest(months.from_date, months.month_start) - 1
        group by all
    ),

    recorded as (
        select school_code, school_year, month_start, sum(n_recorded) as days_recorded
        from {{ ref("int_recorded_month") }}
        group by all
    )

select
    expected.district_code,
    expected.school_code,
    expected.school_year,
    expected.month_start,
    cast(expected.days_expected as bigint) as days_expected,
    cast(coalesce(recorded.days_recorded, 0) as bigint) as days_recorded
from expected
left join recorded using (school_code, school_year, month_start)
where expected.days_expected > 0
