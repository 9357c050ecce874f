-- Marks as sent. `code` says what stands in the gradebook; a second version replaces it from `changes_on` on.
create table synth.mark_version as
with
    given as (
        select *, case when d.more_pass_fail and slot >= 5 then 0.15 else 0.012 end as pf
        from
            (
                select *
                from synth.given
                union all
                select *
                from synth.again
            ) as g
        join synth.district as d using (k)
    ),
    sorted as (
        select
            *,
            case
                when special < pf
                then 'pass'
                when special < pf + 0.012
                then 'incomplete'
                when special < pf + 0.026
                then 'withdrawn'
                when special < pf + 0.027
                then 'unmapped'
                when special < pf + 0.0275
                then 'bad_row'
                when special < pf + 0.0345
                then 'changed'
                when special < pf + 0.0375
                then 'removed'
                when special < pf + 0.0415
                then 'late'
                else 'plain'
            end as fate
        from given
    ),
    timed as (
        select
            * replace (case when fate = 'late' then posted + 35 else posted end as posted),
            case
                when fate in ('changed', 'removed') or fate = 'incomplete' and luck < 0.6
                then
                    least(
                        posted + 42 + (luck * 50)::integer,
                        greatest(posted + 1, make_date(school_year, 8, 12))
                    )
            end as changes_on
        from sorted
    )
select
    *,
    1 as version,
    case
        fate
        when 'pass'
        then case when points >= 1 then 'P' else 'NP' end
        when 'incomplete'
        then 'I'
        when 'withdrawn'
        then 'W'
        when 'unmapped'
        then '??'
        else 'letter'
    end as code,
    posted as ready_on,
    changes_on as ready_to
from timed
union all
select
    * replace (
        case
            when fate = 'changed' then case when points >= 4 then 3 else points + 1 end else points
        end as points,
        changes_on as posted
    ),
    2,
    'letter',
    changes_on,
    null
from timed
where changes_on is not null and fate <> 'removed';

insert into facts.course_mark by name
with
    quarter as (
        select g.*, q.term_code as quarter, c.day as quarter_end
        from synth.mark_version as g
        join
            (values ('Q1', 'S1', 44), ('Q3', 'S2', 132)) as q(term_code, of_term, day_number)
            on q.of_term = g.term_code
            and list_contains(g.progress_terms, q.term_code)
        join
            synth.calendar as c
            on c.school_code = g.school_code
            and c.school_year = g.school_year
            and c.day_number = q.day_number
        join
            synth.stay as s
            on s.pid = g.pid
            and s.school_year = g.school_year
            and s.seq = g.seq
            and s.entry_date <= c.day
        where g.version = 1 and g.origin = 'term' and g.ends <> 'secondary' and fate <> 'bad_row'
    ),
    every as (
        select *, true as is_final
        from synth.mark_version
        union all by name
        select
            * exclude (quarter, quarter_end) replace (
                quarter as term_code,
                'letter' as code,
                'plain' as fate,
                least(4, greatest(0, points + (luck * 3)::integer - 1)) as points,
                quarter_end + 4 as posted,
                quarter_end + 4 as ready_on,
                null as ready_to,
                null as credits
            ),
            false as is_final
        from quarter
    ),
    lettered as (
        select
            *,
            substr('FDCBA', points + 1, 1) as letter,
            case
                when marks <> 'plus_minus' or points = 0
                then ''
                when luck < 0.3
                then '-'
                when luck > case when points = 4 then 0.94 else 0.7 end
                then '+'
                else ''
            end as sign
        from every
    ),
    texted as (
        select
            *,
            case code when 'letter' then letter || sign when '??' then null else code end as mark,
            case
                when code = 'P'
                then pass_fail[1]
                when code = 'NP'
                then pass_fail[2]
                when code <> 'letter'
                then code
                when marks = 'numeric'
                then
                    (
                        case points when 4 then 90 when 3 then 80 when 2 then 70 when 1 then 60 else 41 end
                        + (luck * case points when 4 then 10 when 0 then 18 else 9 end)::integer
                    )::varchar
                when scale_change <= posted
                then points::varchar
                else letter || sign
            end as mark_raw
        from lettered
    )
select
    v.district_code,
    l.local_student_id,
    v.school_code,
    v.school_year,
    v.term_code,
    v.section_id,
    v.course_code,
    v.state_course_code,
    v.course_name,
    v.is_ag,
    case when v.tells_repeats then lpad(v.grade::varchar, 2, '0') end as grade_level_taken,
    v.mark_raw,
    v.mark,
    case
        when v.level = 'middle' and v.school_year < v.middle_credits_from then null else v.credits
    end as credits_attempted,
    case
        when v.level = 'middle' and v.school_year < v.middle_credits_from
        then null
        when v.code = 'P' or v.code = 'letter' and v.points >= 1 or v.code = '??'
        then v.credits
        else v.credits * 0
    end as credits_earned,
    v.is_final,
    case when v.posts_dates then v.posted end as posted_date,
    v.origin = 'transfer' and v.tells_repeats as is_transfer,
    v.origin in ('recovery', 'repeat')
    and v.tells_repeats
    or v.origin = 'summer'
    and v.tells_repeats
    and v.luck < 0.5 as is_repeat,
    f.known_from,
    t.known_from as known_to,
    case v.fate when 'unmapped' then 'unmapped_mark' when 'bad_row' then 'bad_row' end as lost_reason
from texted as v
join synth.local as l using (k, pid)
join
    synth.known as f
    on f.k = v.k
    and f.feed = 'marks'
    and f.school_year = v.school_year
    and f.ready_on = v.ready_on
left join
    synth.known as t
    on t.k = v.k
    and t.feed = 'marks'
    and t.school_year = v.school_year
    and t.ready_on = v.ready_to
where t.known_from is null or t.known_from > f.known_from
order by
    v.district_code,
    v.school_year,
    l.local_student_id,
    v.school_code,
    v.section_id,
    v.term_code,
    v.is_final,
    f.known_from;

-- A GPA of the district's own, drawn from the story and not from the marks; non-public schools send nothing
-- but a weighted one.
insert into facts.supplied_gpa by name
with
    students as (
        select distinct on (s.k, s.pid, s.school_year) s.*, l.local_student_id
        from synth.stay as s
        join synth.local as l using (k, pid)
        join synth.district as d using (k)
        where d.supplies_gpa and s.has_days and s.grade >= 9 and s.exit_reason in ('E155', 'E230')
        order by s.k, s.pid, s.school_year, s.seq desc
    ),
    kinds as (
        select *, true as is_weighted
        from students
        union all
        select *, false
        from students
        where not is_nps
    )
select
    g.district_code,
    g.local_student_id,
    g.school_year,
    'FY' as term_code,
    (
        round(least(4.4, greatest(0.2, 2.6 + 0.8 * g.theta + g.is_weighted::integer * 0.15)) * 100)::integer
        / 100
    )::decimal(9, 4) as gpa,
    g.is_weighted,
    f.known_from
from kinds as g
join
    synth.known as f
    on f.k = g.k
    and f.feed = 'marks'
    and f.school_year = g.school_year
    and f.ready_on = g.last_date + 5
order by g.district_code, g.local_student_id, g.school_year, g.is_weighted;
