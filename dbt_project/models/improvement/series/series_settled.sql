-- One row per kind of period, school year and period: is it closed for every district of which something is
-- expected in it? Figures of the collaborative and of network cohorts are settled only then.
with
    calendar_months as (
        select distinct
            district_code, school_year, cast(date_trunc('month', calendar_date) as date) as period_start
        from {{ ref("canon_calendar_day") }}
        where known_to is null
    ),

    expected as (
        select months.district_code, 'month' as period_kind, months.school_year, months.period_start
        from calendar_months as months
        union
        select district_code, period_kind, school_year, period_start
        from {{ ref("series_period") }}
        union
        -- a term of the kind of which the district sent marks this year or last
        select terms.district_code, kinds.period_kind, terms.school_year, periods.period_start
        from
            (
                select distinct district_code, school_year, term_code
                from {{ ref("int_school_term") }}
                where vantage = 'current'
            ) as terms
        inner join
            (
                select distinct district_code, period_kind, school_year
                from {{ ref("series_period") }}
                where period_kind <> 'month'
            ) as kinds
            on kinds.district_code = terms.district_code
            and terms.school_year - kinds.school_year between 0 and 1
        inner join
            (
                select distinct period_kind, school_year, period_code, period_start
                from {{ ref("series_period") }}
                where period_kind <> 'month'
            ) as periods
            on periods.period_kind = kinds.period_kind
            and periods.school_year = terms.school_year
            and periods.period_code = terms.term_code
    ),

    -- a district of the year before whose calendar is not there yet
    awaited as (
        select distinct before.school_year + 1 as school_year
        from calendar_months as before
        anti join
            calendar_months as running
            on running.district_code = before.district_code
            and running.school_year = before.school_year + 1
    )

select
    expected.period_kind,
    expected.school_year,
    expected.period_start,
    bool_and(coalesce(period.is_closed, false)) and not bool_or(awaited.school_year is not null) as is_settled
from expected
left join
    {{ ref("series_period") }} as period
    on period.district_code = expected.district_code
    and period.period_kind = expected.period_kind
    and period.school_year = expected.school_year
    and period.period_start = expected.period_start
left join awaited on awaited.school_year = expected.school_year
group by all
