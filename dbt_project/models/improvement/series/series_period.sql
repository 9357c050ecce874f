-- One row per district, kind of period (month, or the marking periods of final and of in-year marks), school
-- year and period that has begun: from when to when, when it closes, and as of when its rows are read.
--
-- A period closes 10 days after the end of the month in which it ends, or with the district's first
-- delivery after its last day that brings rows of it, if that is later. Until then it is read as known
-- tonight, up to the last day of which the district has sent anything.
with
    run as (select as_of from {{ source("raw", "run") }}),

    year_ends as (
        select school_code, school_year, max(end_date) as last_end
        from {{ ref("int_school_term") }}
        where vantage = 'current' and is_credit_bearing and term_kind <> 'summer'
        group by all
    ),

    months as (
        select
            days.district_code,
            days.school_year,
            cast(date_trunc('month', days.calendar_date) as date) as month_start,
            max(days.calendar_date) as last_day
        from {{ ref("canon_calendar_day") }} as days
        left join year_ends using (school_code, school_year)
        where days.known_to is null and days.calendar_date <= coalesce(year_ends.last_end, days.calendar_date)
        group by all
    ),

    -- few rows stand for all events: when was anything of a day sent
    sent_days as (
        select district_code, school_year, calendar_date, known_from, bool_or(known_to is null) as is_in_force
        from {{ ref("canon_attendance_event") }}
        group by all
    ),

    month_cover as (
        select
            months.district_code,
            months.school_year,
            months.month_start,
            min(sent_days.known_from) as covered_on
        from months
        inner join
            sent_days
            on sent_days.district_code = months.district_code
            and sent_days.school_year = months.school_year
            and sent_days.calendar_date >= months.month_start
            and sent_days.known_from > months.last_day
        group by all
    ),

    sent_through as (
        select district_code, school_year, max(calendar_date) as last_sent
        from sent_days
        where is_in_force
        group by all
    ),

    marks as (
        select district_code, school_year, term_code, is_final, known_from, known_to
        from {{ ref("canon_course_mark") }}
        where school_year is not null and not coalesce(is_transfer, false)
        group by all
    ),

    district_terms as (
        select district_code, school_year, term_code, min(start_date) as start_date, max(end_date) as end_date
        from {{ ref("int_school_term") }}
        where vantage = 'current'
        group by all
    ),

    terms as (
        select distinct
            marks.district_code,
            marks.school_year,
            marks.term_code,
            marks.is_final,
            usual.term_kind,
            make_date(
                marks.school_year + usual.start_offset, usual.start_month, usual.start_day
            ) as period_start,
            coalesce(
                district_terms.start_date,
                make_date(marks.school_year + usual.start_offset, usual.start_month, usual.start_day)
            ) as from_date,
            coalesce(
                district_terms.end_date,
                make_date(marks.school_year + usual.end_offset, usual.end_month, usual.end_day)
            ) as to_date
        from marks
        inner join {{ ref("term_rule") }} as usual using (term_code)
        left join district_terms using (district_code, school_year, term_code)
        where usual.term_kind <> 'summer'
    ),

    term_cover as (
        select
            terms.district_code,
            terms.school_year,
            terms.term_code,
            terms.is_final,
            min(marks.known_from) as covered_on
        from terms
        inner join marks using (district_code, school_year, term_code, is_final)
        where marks.known_from > terms.to_date
        group by all
    ),

    periods as (
        select
            months.district_code,
            'month' as period_kind,
            months.school_year,
            strftime(months.month_start, '%Y-%m') as period_code,
            months.month_start as period_start,
            strftime(months.month_start, '%Y-%m') as period_label,
            months.month_start as from_date,
            last_day(months.month_start) as to_date,
            month_cover.covered_on,
            sent_through.last_sent
        from months
        left join month_cover using (district_code, school_year, month_start)
        left join sent_through using (district_code, school_year)
        union all
        select
            terms.district_code,
            case when terms.is_final then '' else 'progress_' end || terms.term_kind,
            terms.school_year,
            terms.term_code,
            terms.period_start,
            (terms.school_year - 1)
            || '-'
            || lpad(cast(terms.school_year % 100 as varchar), 2, '0')
            || ' '
            || terms.term_code,
            terms.from_date,
            terms.to_date,
            term_cover.covered_on,
            terms.to_date
        from terms
        left join term_cover using (district_code, school_year, term_code, is_final)
    ),

    closing as (
        select
            *, greatest(last_day(to_date) + 10, covered_on) as closes_on, covered_on is not null as is_covered
        from periods
    )

select
    row_number() over (
        order by closing.district_code, closing.period_kind, closing.school_year, closing.period_start
    ) as period_id,
    closing.district_code,
    closing.period_kind,
    closing.school_year,
    closing.period_code,
    closing.period_start,
    closing.period_label,
    closing.from_date,
    case
        when is_covered or closing.period_kind <> 'month'
        then to_date
        else least(to_date, last_sent, run.as_of)
    end as to_date,
    case when is_covered then closes_on end as closes_on,
    coalesce(is_covered and closes_on <= run.as_of, false) as is_closed,
    case when is_covered and closes_on <= run.as_of then closes_on end as known_on
from closing
cross join run
where closing.from_date <= run.as_of and (is_covered or closing.last_sent >= closing.from_date)
