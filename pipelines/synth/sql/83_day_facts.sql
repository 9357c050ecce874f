-- Attendance: a few days are corrected, taken back or reported late.
insert into facts.attendance_event by name
with
    told as (
        select
            a.*,
            l.local_student_id,
            d.attendance_form,
            u('fix', a.pid, a.moment) as fix,
            least(
                a.day + 40 + (u('fixday', a.pid, a.moment) * 70)::integer,
                greatest(a.day + 1, make_date(a.school_year, 8, 12))
            ) as fixed_on
        from synth.away_day as a
        join synth.local as l using (k, pid)
        join synth.district as d using (k)
        where
            (a.category <> 'part' or d.attendance_form = 'periods')
            and (d.attendance_form <> 'positive' or u('unrecorded', a.pid, a.moment) >= 0.003)
    ),
    versions as (
        select
            *,
            case when fix >= 0.008 and fix < 0.011 then fixed_on else day end as ready_on,
            case when fix < 0.008 and category in ('excused', 'unexcused') then fixed_on end as ready_to
        from told
        union all
        select
            * replace (case category when 'excused' then 'unexcused' else 'excused' end as category),
            fixed_on,
            null
        from told
        where fix < 0.004 and category in ('excused', 'unexcused')
    ),
    by_period as (
        select *, null as period
        from versions
        where attendance_form <> 'periods'
        union all by name
        select
            v.* replace (case when v.category = 'part' then 'unexcused' else v.category end as category),
            p.period::varchar as period
        from versions as v
        cross join range(1, 7) as p(period)
        where
            v.attendance_form = 'periods'
            and case
                when v.category = 'part'
                then
                    (floor(u('periods', v.pid, v.moment) * 6)::integer + p.period) % 6
                    < 1 + floor(u('nperiods', v.pid, v.moment) * 4)
                when v.category in ('tardy', 'other_present')
                then p.period = 1 + floor(u('periods', v.pid, v.moment) * 6)
                else true
            end
    )
select
    v.district_code,
    v.local_student_id,
    v.school_code,
    v.school_year,
    v.day as calendar_date,
    v.period,
    v.category,
    f.known_from,
    t.known_from as known_to
from by_period as v
join
    synth.known as f
    on f.k = v.k
    and f.feed = 'attendance'
    and f.school_year = v.school_year
    and f.ready_on = v.ready_on
left join
    synth.known as t
    on t.k = v.k
    and t.feed = 'attendance'
    and t.school_year = v.school_year
    and t.ready_on = v.ready_to
where t.known_from is null or t.known_from > f.known_from;

-- Positive attendance: every enrolled day has a row but for a few that no teacher entered.
insert into facts.attendance_recorded by name
select s.district_code, l.local_student_id, s.school_code, s.school_year, c.day as calendar_date, f.known_from
from synth.stay as s
join synth.local as l using (k, pid)
join synth.district as d using (k)
join
    synth.calendar as c
    on c.school_code = s.school_code
    and c.school_year = s.school_year
    and c.day between s.entry_date and s.last_date
join synth.horizon as h on h.k = s.k and h.school_year = s.school_year and c.day <= h.through
join
    synth.known as f
    on f.k = s.k
    and f.feed = 'attendance'
    and f.school_year = s.school_year
    and f.ready_on = c.day
where
    d.attendance_form = 'positive'
    and s.has_days
    and u('unrecorded', s.pid, (c.day - date '2000-01-01') * 16 + s.seq) >= 0.003;

insert into facts.incident by name
with
    told as (
        select i.*, l.local_student_id, u('incfix', i.pid, i.school_year * 16 + i.n) as fix
        from synth.incident as i
        join synth.local as l using (k, pid)
    )
select
    v.district_code,
    v.local_student_id,
    v.school_code,
    v.school_year,
    v.incident_id,
    v.incident_date,
    v.suspension_type,
    v.suspension_days,
    f.known_from,
    t.known_from as known_to
from told as v
join
    synth.known as f
    on f.k = v.k
    and f.feed = 'discipline'
    and f.school_year = v.school_year
    and f.ready_on = v.incident_date
left join
    synth.known as t
    on t.k = v.k
    and t.feed = 'discipline'
    and t.school_year = v.school_year
    and v.fix < 0.02
    and t.ready_on = v.incident_date + 60
where t.known_from is null or t.known_from > f.known_from
order by v.district_code, v.school_year, v.incident_id;
