-- Enrollments in truth, from first to last day: one row per stay at a school.
-- `has_days` tells whether the stay has attendance.
create table synth.plan_year as
with
    flags as (
        select
            *,
            moved and u('midmove', pid, school_year) < 0.5 as mid_move,
            switched and not is_nps and u('midswitch', pid, school_year) < 0.6 as mid_switch,
            leaves and u('midleave', pid, school_year) < 0.6 as mid_leave,
            case
                when is_new and u('new', pid, school_year) < 0.35
                then 10 + (u('newday', pid, school_year) * 150)::integer
                when u('late', pid, school_year) < 0.025
                then 2 + (u('lateday', pid, school_year) * 45)::integer
                else 1
            end as first_no
        from synth.person_year
    )
select
    *,
    case
        when mid_leave
        then least(179, first_no + 1 + (u('lastday', pid, school_year) * (178 - first_no))::integer)
    end as last_no,
    case
        when (mid_move or mid_switch) and not mid_leave and first_no < 60
        then 65 + (u('changeday', pid, school_year) * 95)::integer
    end as change_no,
    -- A change before winter, for the other half.
    u('early', pid, school_year) < 0.5 as is_early
from flags;

create table synth.stay as
with
    base as (
        select
            * replace (
                case
                    when is_early and first_no < 5 then 12 + floor(change_no / 3)::integer else change_no
                end as change_no
            )
        from synth.plan_year
    ),
    whole as (
        select pid, school_year, 1 as seq, k, n_switches as shift, first_no, last_no, 'whole' as ends, grade
        from base
        where change_no is null
    ),
    before_change as (
        select
            pid,
            school_year,
            1 as seq,
            case when mid_move then k0 else k end as k,
            n_switches - mid_switch::integer as shift,
            first_no,
            change_no as last_no,
            'change' as ends,
            grade
        from base
        where change_no is not null
    ),
    after_change as (
        select
            pid,
            school_year,
            2 as seq,
            k,
            n_switches as shift,
            -- A few begin at the new school before the old one has let them go: overlapping primary
            -- enrollments.
            case
                when u('overlap', pid, school_year) < 0.06
                then change_no - 7
                else change_no + 1 + (u('gap', pid, school_year) * 6 * mid_move::integer)::integer
            end as first_no,
            null as last_no,
            'whole' as ends,
            grade
        from base
        where change_no is not null
    ),
    main as (
        select *
        from whole
        union all
        select *
        from before_change
        union all
        select *
        from after_change
    ),
    told as (
        select m.*, b.* exclude (pid, school_year, k, grade, first_no, last_no, n_switches, change_no)
        from main as m
        join base as b using (pid, school_year)
    ),
    -- The grade changes within the year: the second half is a row of its own.
    promoted as (
        select
            *,
            grade = 9
            and ends = 'whole'
            and seq = 1
            and last_no is null
            and first_no = 1
            and u('e150', pid, school_year)
            < case when repeats9 and ng = 10 then 0.25 else 0.002 end as has_e150
        from told
    ),
    pieces as (
        select
            * replace (
                case when has_e150 then 95 else last_no end as last_no,
                case when has_e150 then 'grade' else ends end as ends
            )
        from promoted
        union all
        select * replace (2 as seq, 96 as first_no, null as last_no, 10 as grade)
        from promoted
        where has_e150
    ),
    extra as (
        -- Secondary enrollment: a course at another high school.
        select
            * replace (
                11 as seq,
                n_switches_other as shift,
                greatest(first_no, 4) as first_no,
                null as last_no,
                'secondary' as ends
            )
        from (select *, shift + 1 as n_switches_other from promoted)
        where
            level = 'high'
            and not is_nps
            and seq = 1
            and last_no is null
            and ends = 'whole'
            and first_no < 30
            and u('secondary', pid, school_year) < 0.02
        union all by name
        -- Short-term enrollment elsewhere while the primary one goes on; some last longer than 30 days.
        select
            * replace (
                12 as seq,
                shift + 1 as shift,
                first_no + 20 + (u('shortday', pid, school_year) * 80)::integer as first_no,
                first_no
                + 30
                + (u('shortday', pid, school_year) * 80)::integer
                + (u('shortlen', pid, school_year) * 40)::integer as last_no,
                'short' as ends
            )
        from promoted
        where
            not is_nps
            and seq = 1
            and last_no is null
            and ends = 'whole'
            and first_no < 30
            and u('short', pid, school_year) < 0.006
        union all by name
        -- No-show at the school that was left in summer.
        select * replace (13 as seq, k0 as k, shift as shift, 1 as first_no, 1 as last_no, 'noshow' as ends)
        from promoted
        where seq = 1 and moved and not mid_move and u('noshow', pid, school_year) < 0.3
    ),
    every as (
        select * exclude (has_e150)
        from pieces
        union all by name
        select * exclude (has_e150, n_switches_other)
        from extra
    ),
    at_school as (
        select
            e.*,
            s.school_code,
            s.district_code,
            s.level as school_level,
            case
                when e.ends = 'secondary'
                then '20'
                when e.ends = 'short'
                then '30'
                when
                    e.mid_leave
                    and e.seq = 1
                    and e.last_no - e.first_no < 25
                    and u('visitor', e.pid, e.school_year) < 0.3
                then '30'
                else '10'
            end as status
        from every as e
        join
            synth.school as s
            on s.k = e.k
            and s.level = case when e.is_nps then 'nps' else e.level end
            and not (s.n = 1 and e.ends in ('secondary', 'short'))
            and s.no
            = 1
            + ((u('school', e.pid, e.k * 10 + (e.level = 'high')::integer) * 1000000)::bigint + e.shift) % s.n
    )
select
    a.*,
    f.day as entry_date,
    l.day as last_date,
    case
        when a.ends = 'noshow'
        then case when u('noshowday', a.pid, a.school_year) < 0.5 then f.day else f.day - 1 end
        else l.day
    end as exit_date,
    case
        when a.ends = 'noshow'
        then 'N470'
        when a.ends = 'grade'
        then 'E150'
        when a.ends = 'change'
        then 'T160'
        when a.ends = 'secondary'
        then 'E170'
        when a.ends = 'short'
        then 'T160'
        when a.last_no is null
        then case when a.grade = 12 then 'E230' else 'E155' end
        when u('expelled', a.pid, a.school_year) < 0.06 * a.v
        then 'E300'
        when u('why', a.pid, a.school_year) < 0.35
        then 'T200'
        when u('why', a.pid, a.school_year) < 0.6
        then 'T160'
        when u('why', a.pid, a.school_year) < 0.75
        then 'T240'
        when u('why', a.pid, a.school_year) < 0.9 or a.grade < 9
        then 'T180'
        else 'E140'
    end as exit_reason,
    a.ends not in ('secondary', 'noshow') as has_days,
    -- How inclined to be absent this year, 0..1: persistent, with some change from year to year.
    0.85 * a.v + 0.15 * a.vy as away
from at_school as a
join
    synth.calendar as f
    on f.school_code = a.school_code
    and f.school_year = a.school_year
    and f.day_number = least(a.first_no, 178)
join
    synth.calendar as l
    on l.school_code = a.school_code
    and l.school_year = a.school_year
    and l.day_number = case
        when a.last_no is not null
        then least(a.last_no, 179)
        when a.ends = 'secondary' and u('half', a.pid, a.school_year) < 0.5
        then 80
        else 180
    end
where l.day >= f.day;
