-- One row per enrollment with days and span of days, its own or (is_owned false) lost to another enrollment
-- of the same
-- person: 10 over 30, then the later entry, then more attended days, then the lowest school code (domain.md
-- 3.4).
-- Only people whose enrollments overlap are taken apart; everybody else passes through.
with
    with_days as (
        select
            *,
            coalesce(
                max(last_date) over (
                    partition by vantage, person_id, school_year
                    order by first_date, last_date, school_code, entry_date
                    rows between unbounded preceding and 1 preceding
                )
                >= first_date,
                false
            ) as overlaps_earlier
        from {{ ref("int_enrollment") }}
        where has_days
    ),

    overlapping as (select distinct vantage, person_id, school_year from with_days where overlaps_earlier),

    contested as (
        select with_days.* from with_days inner join overlapping using (vantage, person_id, school_year)
    ),

    absent as (
        select
            contested.vantage,
            contested.person_id,
            contested.school_code,
            contested.entry_date,
            sum(absence.absent_parts) as parts
        from contested
        inner join
            {{ ref("int_absence_day") }} as absence
            on absence.vantage = contested.vantage
            and absence.district_code = contested.district_code
            and absence.local_student_id = contested.local_student_id
            and absence.school_code = contested.school_code
            and absence.calendar_date between contested.first_date and contested.last_date
        group by all
    ),

    ranked as (
        select
            contested.*,
            row_number() over (
                partition by contested.vantage, contested.person_id, contested.school_year
                order by
                    contested.enrollment_status,
                    contested.entry_date desc,
                    coalesce(last_day.n_days - day_before.n_days, 0) * 2520 - coalesce(absent.parts, 0) desc,
                    contested.school_code
            ) as priority
        from contested
        left join absent using (vantage, person_id, school_code, entry_date)
        left join
            {{ ref("int_school_date") }} as last_day
            on last_day.vantage = contested.vantage
            and last_day.school_code = contested.school_code
            and last_day.school_year = contested.school_year
            and last_day.calendar_date = contested.last_date
        left join
            {{ ref("int_school_date") }} as day_before
            on day_before.vantage = contested.vantage
            and day_before.school_code = contested.school_code
            and day_before.school_year = contested.school_year
            and day_before.calendar_date = contested.first_date - 1
    ),

    borders as (
        select vantage, person_id, school_year, first_date as border
        from contested
        union
        select vantage, person_id, school_year, cast(last_date + 1 as date)
        from contested
    ),

    stretches as (
        select
            vantage,
            person_id,
            school_year,
            border as from_date,
            cast(
                lead(border) over (partition by vantage, person_id, school_year order by border) - 1 as date
            ) as to_date
        from borders
    ),

    shared as (
        select
            ranked.* exclude (priority),
            stretches.from_date,
            stretches.to_date,
            ranked.priority = min(ranked.priority) over (
                partition by ranked.vantage, ranked.person_id, ranked.school_year, stretches.from_date
            ) as is_owned
        from ranked
        inner join
            stretches
            on stretches.vantage = ranked.vantage
            and stretches.person_id = ranked.person_id
            and stretches.school_year = ranked.school_year
            and stretches.from_date >= ranked.first_date
            and stretches.to_date <= ranked.last_date
    )

select
    vantage,
    person_id,
    district_code,
    local_student_id,
    school_code,
    school_year,
    entry_date,
    from_date,
    to_date,
    is_owned,
    known_from
from shared
union all
select
    vantage,
    person_id,
    district_code,
    local_student_id,
    school_code,
    school_year,
    entry_date,
    first_date,
    last_date,
    true,
    known_from
from with_days
where
    not exists (
        select 1
        from overlapping
        where
            overlapping.vantage = with_days.vantage
            and overlapping.person_id = with_days.person_id
            and overlapping.school_year = with_days.school_year
    )
