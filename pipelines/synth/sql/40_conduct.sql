-- Incidents, and the days for which a removal keeps a student out of class.
create table synth.incident as
with
    students as (
        select distinct
            on (pid, school_year) pid,
            school_year,
            seq,
            k,
            district_code,
            school_code,
            first_no,
            entry_date,
            last_date,
            away,
            exit_reason
        from synth.stay
        where has_days and ends <> 'short'
        order by pid, school_year, seq
    ),
    counted as (
        select *, u('incident', pid, school_year) as ui, 0.02 + 0.12 * away * away * away as p from students
    ),
    numbered as (
        select
            *,
            unnest(range(1, case when ui < p * 0.12 then 4 when ui < p * 0.35 then 3 else 2 end))::integer
            as n
        from counted
        where ui < p
    ),
    kinds as (
        select
            *,
            u('kind' || n, pid, school_year) as uk,
            u('length' || n, pid, school_year) as un,
            entry_date + ((last_date - entry_date) * u('when' || n, pid, school_year))::integer as about
        from numbered
    ),
    dated as (
        select k.*, c.day as incident_date, c.day_number
        from kinds as k
        asof join synth.calendar as c on c.school_code = k.school_code and c.day >= k.about
    ),
    removed as (
        select
            * exclude (uk, un, about),
            case when uk < 0.42 then 'OSS' when uk < 0.62 then 'ISS' end as suspension_type,
            case
                when uk < 0.42
                then [0.3, 0.5, 1, 1, 2, 2, 3, 4, 5][1 + (un * 9)::integer % 9]
                when uk < 0.62
                then [0.1, 0.5, 1, 1, 2][1 + (un * 5)::integer % 5]
            end::decimal(7, 3) as suspension_days
        from dated
        union all by name
        -- An expulsion stands on the last day of the one who is expelled.
        select
            s.* exclude (exit_reason),
            s.exit_reason,
            9 as n,
            0.0 as ui,
            0.0 as p,
            s.last_date as incident_date,
            999 as day_number,
            'EXP' as suspension_type,
            5.0::decimal(7, 3) as suspension_days
        from students as s
        where s.exit_reason = 'E300'
    )
select
    *,
    school_year::varchar
    || '-'
    || lpad(
        (row_number() over (partition by k, school_year order by pid, n, incident_date))::varchar, 6, '0'
    ) as incident_id
from removed
where incident_date between entry_date and last_date;

-- One row per removed day: the school days that follow the incident.
create table synth.removed_day as
select pid, school_year, school_code, day, min(category) as category
from
    (
        select i.pid, i.school_year, i.school_code, c.day, lower(i.suspension_type) as category
        from synth.incident as i
        join
            synth.calendar as c
            on c.school_code = i.school_code
            and c.school_year = i.school_year
            and c.day_number between i.day_number + 1 and i.day_number + floor(i.suspension_days)::integer
        where i.suspension_type in ('OSS', 'ISS')
    )
group by all;
