-- One row per vantage, student, school and instructional day with an absence or in-school suspension, in
-- 2520ths of a day
-- (divisible by 1 to 10 periods). Whole-day rows hold over period rows, and of several categories the one
-- of the lowest
-- precedence; how many missed periods make a day is the district's period_absent_rule.
-- Joins and group by only: at full size this is the largest table.
with
    events as (
        select
            event.vantage,
            event.district_code,
            event.local_student_id,
            event.school_code,
            event.school_year,
            event.calendar_date,
            event.period,
            category.precedence,
            category.is_absent,
            event.known_from
        from ({{ visible("attendance_event", years="same") }}) as event
        inner join {{ ref("attendance_category") }} as category using (category)
        where category.is_absent or category.category = 'iss'
    ),

    whole_days as (
        select
            vantage,
            district_code,
            local_student_id,
            school_code,
            school_year,
            calendar_date,
            min(precedence) as precedence,
            max(known_from) as known_from
        from events
        where period is null
        group by all
    ),

    periods as (
        select
            vantage,
            district_code,
            local_student_id,
            school_code,
            school_year,
            calendar_date,
            period,
            min(precedence) as precedence,
            bool_or(is_absent) as is_absent,
            max(known_from) as known_from
        from events
        where period is not null
        group by all
    ),

    period_days as (
        select
            vantage,
            district_code,
            local_student_id,
            school_code,
            school_year,
            calendar_date,
            min(precedence) as precedence,
            case when bool_or(is_absent) then count(*) filter (where is_absent) else count(*) end as n_missed,
            max(known_from) as known_from
        from periods
        group by all
    ),

    days as (
        select whole_days.*, cast(null as bigint) as n_missed, true as is_whole
        from whole_days
        union all by name
        select period_days.*, false as is_whole
        from period_days
        where
            not exists (
                select 1
                from whole_days
                where
                    whole_days.vantage = period_days.vantage
                    and whole_days.district_code = period_days.district_code
                    and whole_days.local_student_id = period_days.local_student_id
                    and whole_days.school_code = period_days.school_code
                    and whole_days.calendar_date = period_days.calendar_date
            )
    ),

    on_school_days as (
        select
            days.*,
            category.category,
            category.is_absent,
            case
                when days.is_whole
                then 2520
                when district.period_absent_rule = 'fraction'
                then least(2520, cast(round(2520.0 * days.n_missed / school_date.n_periods) as integer))
                when district.period_absent_rule = 'majority'
                then case when 2 * days.n_missed >= school_date.n_periods then 2520 else 0 end
                else case when days.n_missed >= school_date.n_periods then 2520 else 0 end
            end as parts
        from days
        inner join {{ ref("attendance_category") }} as category on category.precedence = days.precedence
        inner join {{ source("raw", "district") }} as district on district.district_code = days.district_code
        inner join
            {{ ref("int_school_date") }} as school_date
            on school_date.vantage = days.vantage
            and school_date.school_code = days.school_code
            and school_date.school_year = days.school_year
            and school_date.calendar_date = days.calendar_date
            and school_date.is_school_day
    )

select
    vantage,
    district_code,
    local_student_id,
    school_code,
    school_year,
    calendar_date,
    category,
    cast(case when is_absent then parts else 0 end as integer) as absent_parts,
    cast(case when is_absent then 0 else parts end as integer) as iss_parts,
    known_from
from on_school_days
where parts > 0
