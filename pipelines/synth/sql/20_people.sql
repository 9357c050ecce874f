-- People and their years: one story per person, from which enrollments, days and marks follow. Nothing here
-- is a lane.
-- a = grade (0 = KN) in which the person comes to the districts, l = grade in which he or she leaves them
-- for good (99 never).
create table synth.person as
with
    cohort as (
        select
            d.k,
            d.slots,
            unnest(range(s.first_year + 8 - s.max_grade, s.last_year + 10 - s.min_grade))::integer as g9_year
        from synth.district as d, synth.setting as s
    ),
    born as (
        select
            (g9_year - 1990)::bigint * 100000000 + k * 1000000 + unnest(range(slots)) as pid,
            k as home_k,
            g9_year
        from cohort
    ),
    drawn as (
        select *, u('arrive', pid, 0) as ua, u('leave', pid, 0) as ul, u('engage', pid, 0) as v from born
    )
select
    pid,
    home_k,
    g9_year,
    case when ua < 0.70 then 0 when ua < 0.75 then 9 else 1 + floor((ua - 0.75) / 0.0209)::integer end as a,
    case when ul < 0.325 then floor(ul / 0.025)::integer else 99 end as l,
    v,
    0.85 * z('ability', pid, 0) - 1.5 * (v - 0.5) as theta,
    u('rep9', pid, 0) < case
        when 0.85 * z('ability', pid, 0) - 1.5 * (v - 0.5) < -0.9 then 0.11 when v > 0.5 then 0.02 else 0.003
    end as repeats9,
    u('sed', pid, 0) as sed
from drawn;

create table synth.person_year as
with
    years as (
        select p.*, y.school_year, 9 - (p.g9_year - y.school_year) as ng
        from synth.person as p, synth.school_year as y
    ),
    drawn as (
        select
            *,
            ng - (repeats9 and ng > 9)::integer as grade,
            u('move', pid, school_year) < 0.045 as draws_move,
            u('switch', pid, school_year) < 0.03 as draws_switch
        from years
    ),
    levelled as (
        select
            *, case when grade <= 5 then 'elementary' when grade <= 8 then 'middle' else 'high' end as level
        from drawn
        where ng >= 0
    ),
    targeted as (
        select p.*, t.k as target_k
        from levelled as p
        left join
            synth.district as t
            on p.draws_move
            and u('to', pid, school_year) >= t.low_share
            and u('to', pid, school_year) < t.high_share
    ),
    placed as (
        select
            *,
            coalesce(last_value(target_k ignore nulls) over before_now, home_k) as k,
            coalesce(
                last_value(target_k ignore nulls) over (
                    partition by pid order by school_year rows between unbounded preceding and 1 preceding
                ),
                home_k
            ) as k0,
            count_if(draws_switch) over before_now as n_switches
        from targeted
        window
            before_now as (
                partition by pid order by school_year rows between unbounded preceding and current row
            )
    )
select
    p.pid,
    p.g9_year,
    p.school_year,
    p.ng,
    p.grade,
    p.repeats9,
    p.v,
    p.theta,
    p.sed,
    p.level,
    p.k,
    p.k0,
    p.a > 0 and p.ng = p.a as is_new,
    p.ng = p.l as leaves,
    p.k <> p.k0 and not (p.a > 0 and p.ng = p.a) as moved,
    p.draws_switch
    and p.k = p.k0
    and not (p.a > 0 and p.ng = p.a)
    and case p.level when 'elementary' then d.n_elementary when 'middle' then d.n_middle else d.n_high end
    > 1 as switched,
    u('nps', p.pid, p.school_year) < 0.006 as is_nps,
    u('vy', p.pid, p.school_year) as vy,
    p.n_switches
from placed as p
join synth.district as d using (k)
cross join synth.setting as s
where p.ng >= p.a and (p.ng <= p.l or p.l < p.a) and p.grade between s.min_grade and s.max_grade;
