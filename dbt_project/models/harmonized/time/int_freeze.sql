-- One row per school year and window: the freeze date of the network, from calendars and terms as each
-- district first
-- delivered them. Only districts known by then count: the least date that is on or after the latest as-of
-- date (plus the
-- days of window_rule) among the districts known on it. A run over all deliveries and night-by-night runs
-- agree on it.
with
    first_calendar as (
        select district_code, school_year, min(known_from) as first_known
        from {{ ref("canon_calendar_day") }}
        group by all
    ),

    first_days as (
        select 'first' as version, days.district_code, days.school_code, days.school_year, days.calendar_date
        from {{ ref("canon_calendar_day") }} as days
        inner join first_calendar using (district_code, school_year)
        where days.known_from = first_calendar.first_known
    ),

    first_term as (
        select district_code, school_year, min(known_from) as first_known
        from {{ ref("canon_term") }}
        group by all
    ),

    first_terms as (
        select 'first' as version, terms.*
        from {{ ref("canon_term") }} as terms
        inner join first_term using (district_code, school_year)
        where terms.known_from = first_term.first_known
    ),

    first_schools as (
        select
            'first' as version,
            schools.district_code,
            schools.school_code,
            schools.school_year,
            bool_or({{ has_grade(8) }}) as has_grade8,
            bool_or({{ has_grade(9) }}) as has_grade9
        from {{ ref("canon_school") }} as schools
        left join {{ ref("grade_level") }} as low on low.grade_level = schools.low_grade
        left join {{ ref("grade_level") }} as high on high.grade_level = schools.high_grade
        where
            schools.known_from = (
                select min(earlier.known_from)
                from {{ ref("canon_school") }} as earlier
                where
                    earlier.district_code = schools.district_code
                    and earlier.school_code = schools.school_code
                    and earlier.school_year = schools.school_year
            )
        group by all
    ),

    dates as ({{ window_dates("version", "first_schools", "first_terms", "first_days") }}),

    known as (
        select
            dates.school_year,
            dates.window_code,
            case
                when dates.window_code = 'T1' then first_term.first_known else first_calendar.first_known
            end as first_known,
            max(greatest(dates.as_of, dates.as_of_grade8)) as as_of
        from dates
        left join first_calendar using (district_code, school_year)
        left join first_term using (district_code, school_year)
        where coalesce(dates.as_of, dates.as_of_grade8) is not null
        group by all
    ),

    steps as (
        select
            known.school_year,
            known.window_code,
            known.first_known,
            lead(known.first_known) over (
                partition by known.school_year, known.window_code order by known.first_known
            ) as next_known,
            cast(
                max(known.as_of) over (
                    partition by known.school_year, known.window_code
                    order by known.first_known
                    rows unbounded preceding
                )
                + window_rule.freeze_days as date
            ) as freeze_date
        from known
        inner join {{ ref("window_rule") }} as window_rule using (window_code)
    )

select school_year, window_code, min_by(freeze_date, first_known) as freeze_date
from steps
where next_known is null or freeze_date < next_known
group by all
