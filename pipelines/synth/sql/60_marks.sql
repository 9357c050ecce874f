-- Marks from ability and presence. `points` is what the teacher saw (4..0); special marks, scales and later
-- changes follow.
-- The stay that gives the marks of a term, with the share of the term's credits.
create table synth.marking as
with
    during as (
        select
            s.*,
            t.term_code,
            t.start_date,
            t.end_date,
            t.first_no as term_from,
            t.last_no as term_to,
            least(s.last_date, t.end_date) - greatest(s.entry_date, t.start_date) + 1 as stayed,
            t.end_date - t.start_date + 1 as long,
            s.last_date >= t.end_date as is_end
        from synth.stay as s
        join synth.term as t using (school_code, school_year)
        where
            t.is_credit_bearing
            and t.term_code <> 'SS'
            and t.level in ('middle', 'high')
            and s.ends not in ('noshow', 'short')
            and s.entry_date <= t.end_date
            and s.last_date >= t.start_date
    )
select
    * exclude (stayed, long, is_end),
    case
        when is_end and stayed * 2 >= long or is_end and u('full', pid, school_year) < 0.5
        then 1.0
        when level = 'high' and stayed * 4 >= long and u('partial', pid, school_year) < 0.5
        then 0.5
    end::decimal(3, 1) as share
from during
where share is not null and stayed >= 10;

create table synth.given as
with
    seated as (
        select
            m.*,
            c.slot,
            c.course_no,
            c.course_code,
            c.state_course_code,
            c.course_name,
            c.is_ag,
            d.block and m.level = 'high' as is_block,
            c.credits as is_credit
        from synth.marking as m
        join synth.district as d using (k)
        join
            synth.course as c
            on c.level = m.level
            and c.grade = m.grade
            and u('course', m.pid * 16 + c.slot, m.grade) >= c.low
            and u('course', m.pid * 16 + c.slot, m.grade) < c.high
        where
            case
                when m.ends = 'secondary'
                then c.slot = 5
                -- 4x4 block: half of the courses in each semester, for all their credits.
                when d.block and m.level = 'high'
                then
                    c.slot <= 6
                    and c.slot % 2 = (m.term_code = 'S1')::integer
                    or c.slot = 7
                    and m.term_code = 'S2'
                else true
            end
    ),
    seen as (
        select
            *,
            theta
            + 0.5 * z('subject', pid, slot)
            + 0.6 * z('mark', pid * 16 + slot, school_year * 64 + ascii(right(term_code, 1)))
            + case when grade <= 8 then 0.12 when grade = 9 then -0.12 else 0 end
            - case when slot = 2 then 0.2 when slot = 6 then -0.4 else 0 end
            - 1.3 * greatest(0, away - 0.75) as q
        from seated
    )
select
    pid,
    seq,
    k,
    district_code,
    school_code,
    school_year,
    grade,
    level,
    theta,
    ends,
    slot,
    term_code,
    end_date as term_end,
    (
        course_no * 100
        + 1
        + floor(u('section', pid * 16 + slot, school_year) * 4)::integer
        + case when ends = 'secondary' then 50 else 0 end
    )::varchar as section_id,
    course_code,
    state_course_code,
    course_name,
    is_ag,
    case
        when q > 0.62 then 4 when q > -0.22 then 3 when q > -0.98 then 2 when q > -1.5 then 1 else 0
    end as points,
    share
    * is_credit
    * case when is_block then 10 when left(term_code, 1) = 'T' then 3.33 else 5 end::decimal(9, 4) as credits,
    end_date + 1 + (u('posted', pid * 16 + slot, school_year) * 7)::integer as posted,
    u('special', pid * 16 + slot, school_year * 64 + ascii(right(term_code, 1))) as special,
    u('kept', pid * 16 + slot, school_year * 64 + ascii(right(term_code, 1))) as luck,
    'term' as origin
from seen;

-- Second chances: the next term, the summer, the next year; and what another school had already given.
create table synth.again as
with
    failed as (
        select g.*, z.school_code as summer_school, z.end_date as summer_end
        from synth.given as g
        left join
            synth.term as z
            on z.school_code = g.school_code
            and z.school_year = g.school_year
            and z.term_code = 'SS'
        where points <= 1 and g.ends <> 'secondary' and slot <= 5
    ),
    summer as (
        select
            * replace (
                'SS' as term_code,
                summer_end as term_end,
                '9' || ascii(term_code) % 10 || right(term_code, 1) || section_id as section_id,
                points + 1 + (luck * 2)::integer as points,
                summer_end + 2 + (luck * 8)::integer as posted,
                0.5 as special,
                'summer' as origin
            )
        from failed
        where
            summer_school is not null
            -- who left during the year has no summer there
            and (pid, school_code, school_year) in (
                select (pid, school_code, school_year) from synth.stay where exit_reason in ('E155', 'E230')
            )
            and u('summer', pid, school_year) < 0.45
            and u('summerpick', pid * 16 + slot, school_year) < 0.6
    ),
    within_year as (
        select
            f.* replace (
                'S2' as term_code,
                t.end_date as term_end,
                '8' || f.section_id as section_id,
                f.points + 1 as points,
                t.end_date + 3 as posted,
                0.5 as special,
                'recovery' as origin
            )
        from failed as f
        join
            synth.term as t
            on t.school_code = f.school_code
            and t.school_year = f.school_year
            and t.term_code = 'S2'
        join
            synth.stay as s
            on s.pid = f.pid
            and s.school_year = f.school_year
            and s.seq = f.seq
            and s.last_date >= t.end_date
        join synth.district as d on d.k = f.k
        where
            f.term_code = 'S1'
            and f.points = 0
            and d.tells_repeats
            and u('recovery', f.pid * 16 + f.slot, f.school_year) < 0.06
    ),
    next_year as (
        select
            f.* replace (
                n.school_year as school_year,
                n.seq as seq,
                n.k as k,
                n.district_code as district_code,
                n.school_code as school_code,
                n.grade as grade,
                n.level as level,
                n.term_end as term_end,
                '7' || f.section_id as section_id,
                least(4, greatest(0, f.points + (f.luck * 3)::integer)) as points,
                n.posted as posted,
                0.5 as special,
                'repeat' as origin
            )
        from failed as f
        join
            synth.given as n
            on n.pid = f.pid
            and n.school_year = f.school_year + 1
            and n.term_code = f.term_code
            and n.slot = 1
            and n.ends <> 'secondary'
            and n.credits = f.credits
        where
            f.level = 'high'
            and f.points = 0
            and n.level = 'high'
            and u('retake', f.pid * 16 + f.slot, f.school_year) < 0.35
            and not exists (
                from synth.given as o
                where o.pid = f.pid and o.school_year = n.school_year and o.course_code = f.course_code
            )
        qualify
            row_number() over (
                partition by f.pid, f.school_year, f.slot, f.term_code, n.school_year
                order by n.seq, f.school_code
            )
            = 1
    ),
    -- The new school writes the first semester's marks of the old one into its transcript.
    carried as (
        select
            g.* replace (
                s.seq as seq,
                s.k as k,
                s.district_code as district_code,
                s.school_code as school_code,
                'T-' || g.course_code || '-' || g.term_code as section_id,
                s.entry_date + 20 as posted,
                0.5 as special,
                'transfer' as origin
            ),
            null as summer_school,
            null::date as summer_end
        from synth.given as g
        join
            synth.stay as s
            on s.pid = g.pid
            and s.school_year = g.school_year
            and s.seq = 2
            and g.seq = 1
            and s.k <> g.k
            and s.level = 'high'
        where g.level = 'high' and g.term_end < s.entry_date and u('carried', g.pid, g.school_year) < 0.4
    ),
    -- From outside: the first semester of someone who came in winter or later.
    outside as (
        select
            g.* replace (
                'T-' || g.course_code || '-S1' as section_id,
                'S1' as term_code,
                t.end_date as term_end,
                5.0 as credits,
                s.entry_date + 15 as posted,
                0.5 as special,
                'transfer' as origin
            ),
            null as summer_school,
            null::date as summer_end
        from synth.given as g
        join synth.stay as s on s.pid = g.pid and s.school_year = g.school_year and s.seq = g.seq
        join
            synth.term as t
            on t.school_code = g.school_code
            and t.school_year = g.school_year
            and t.term_code = 'S1'
        where
            s.is_new
            and g.seq = 1
            and g.level = 'high'
            and g.term_code = 'S2'
            and s.entry_date > t.end_date
            and u('outside', g.pid, g.school_year) < 0.6
    )
select * exclude (summer_school, summer_end)
from summer
union all
select * exclude (summer_school, summer_end)
from within_year
union all
select * exclude (summer_school, summer_end)
from next_year
union all
select * exclude (summer_school, summer_end)
from carried
union all
select * exclude (summer_school, summer_end)
from outside;
