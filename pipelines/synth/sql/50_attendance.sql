-- Days that were not plain present, from how inclined a student is to be away. One row per stay and day.
create table synth.independent_study as
select
    pid,
    school_year,
    30 + (u('isday', pid, school_year) * 110)::integer as from_no,
    u('iskind', pid, school_year) < 0.75 as is_ada
from synth.person_year
where u('is', pid, school_year) < 0.012;

create table synth.away_day as
with
    enrolled as (
        select
            s.pid,
            s.seq,
            s.k,
            s.district_code,
            s.school_code,
            s.school_year,
            c.day,
            c.day_number,
            least(0.42, 0.012 + 0.34 * pow(s.away, 5)) as p,
            s.away,
            -- Two schools at once see the same student on different days.
            (c.day - date '2000-01-01') * 16 + s.seq as moment
        from synth.stay as s
        join
            synth.calendar as c
            on c.school_code = s.school_code
            and c.school_year = s.school_year
            and c.day between s.entry_date and s.last_date
        join synth.horizon as h on h.k = s.k and h.school_year = s.school_year and c.day <= h.through
        where s.has_days
    ),
    drawn as (select *, u('away', pid, moment) as r from enrolled),
    told as (
        select
            e.*,
            r.category as removed_as,
            case
                when i.pid is not null and e.day_number between i.from_no and i.from_no + 11
                then case when i.is_ada then 'ada_is' else 'nonada_is' end
            end as studies_as
        from drawn as e
        left join synth.removed_day as r on r.pid = e.pid and r.school_code = e.school_code and r.day = e.day
        left join synth.independent_study as i on i.pid = e.pid and i.school_year = e.school_year
    )
select
    pid,
    seq,
    k,
    district_code,
    school_code,
    school_year,
    day,
    moment,
    coalesce(
        removed_as,
        studies_as,
        case
            when r < p
            then case when u('excuse', pid, moment) < 0.62 - 0.3 * away then 'excused' else 'unexcused' end
            when r < p + 0.012
            then 'tardy'
            when r < p + 0.014
            then 'other_present'
            when r < p + 0.034
            then 'part'
        end
    ) as category
from told
where removed_as is not null or studies_as is not null or r < p + 0.034;
