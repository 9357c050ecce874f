-- One row per vantage, school, school year, credit-bearing term and side of the first-term as-of date: the
-- terms
-- partition the year, so that every day belongs to one. Days between terms go to the next one, days after
-- the last to the last.
with
    credit_terms as (
        select
            *,
            first_value(term_kind) over (
                partition by vantage, district_code, school_code, school_year
                order by end_date, term_kind, term_code
            ) as school_kind
        from {{ ref("int_school_term") }}
        where is_credit_bearing and term_kind <> 'summer'
    ),

    ordered as (
        select
            *,
            lag(end_date) over (
                partition by vantage, district_code, school_code, school_year order by end_date, term_code
            ) as previous_end,
            lead(end_date) over (
                partition by vantage, district_code, school_code, school_year order by end_date, term_code
            ) as next_end
        from credit_terms
        where term_kind = school_kind
    ),

    spans as (
        select
            vantage,
            district_code,
            school_code,
            school_year,
            term_code,
            end_date,
            coalesce(cast(previous_end + 1 as date), make_date(school_year - 1, 7, 1)) as from_date,
            case when next_end is null then make_date(school_year, 6, 30) else end_date end as to_date
        from ordered
        union all
        -- a school with a calendar and no terms has one: the year
        select distinct
            dates.vantage,
            dates.district_code,
            dates.school_code,
            dates.school_year,
            'FY',
            make_date(dates.school_year, 6, 30),
            make_date(dates.school_year - 1, 7, 1),
            make_date(dates.school_year, 6, 30)
        from {{ ref("int_school_date") }} as dates
        where
            not exists (
                select 1
                from ordered
                where
                    ordered.vantage = dates.vantage
                    and ordered.school_code = dates.school_code
                    and ordered.school_year = dates.school_year
            )
    ),

    cut as (
        select spans.*, first_term.as_of as t1_as_of
        from spans
        left join
            {{ ref("int_window") }} as first_term
            on first_term.vantage = spans.vantage
            and first_term.district_code = spans.district_code
            and first_term.school_year = spans.school_year
            and first_term.window_code = 'T1'
    )

select
    vantage,
    district_code,
    school_code,
    school_year,
    term_code,
    end_date as term_end,
    sides.is_t1,
    case
        when sides.is_t1
        then from_date
        else greatest(from_date, coalesce(cast(t1_as_of + 1 as date), from_date))
    end as from_date,
    case when sides.is_t1 then least(to_date, t1_as_of) else to_date end as to_date
from cut
cross join (values (true), (false)) as sides(is_t1)
where
    case
        when sides.is_t1
        then from_date <= t1_as_of
        else to_date >= greatest(from_date, coalesce(cast(t1_as_of + 1 as date), from_date))
    end
