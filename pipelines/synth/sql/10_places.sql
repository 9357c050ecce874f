-- Schools, terms and calendars. Names and codes are made up; only the county-district part of a code is real.
create table synth.school as
with
    level as (
        select
            district_code,
            k,
            'elementary' as level,
            n_elementary as n,
            0 as before,
            'KN' as low,
            '05' as high,
            5 as up_to,
            0 as down_to
        from synth.district
        union all
        select district_code, k, 'middle', n_middle, n_elementary, '06', '08', 8, 6
        from synth.district
        union all
        select district_code, k, 'high', n_high, n_elementary + n_middle, '09', '12', 12, 9
        from synth.district
        union all
        select district_code, k, 'nps', 1, 989, 'KN', '12', 12, 0
        from synth.district
    ),
    numbered as (
        select l.*, unnest(range(1, n + 1))::integer as no
        from level as l, synth.setting as s
        where l.up_to >= s.min_grade and l.down_to <= s.max_grade
    ),
    named as (
        select
            *,
            case
                level
                when 'elementary'
                then '93' || lpad(no::varchar, 5, '0')
                when 'middle'
                then '92' || lpad(no::varchar, 5, '0')
                when 'high'
                then '91' || lpad(no::varchar, 5, '0')
                else '0000001'
            end as school_part,
            (k * 53 + before + no * 7) as pick
        from numbered
    )
select
    district_code,
    k,
    level,
    no,
    n,
    district_code || school_part as school_code,
    case
        when level = 'nps'
        then 'Synthetic Nonpublic Schools'
        else
            [
                'Amber',
                'Copper',
                'Coral',
                'Crimson',
                'Golden',
                'Indigo',
                'Ivory',
                'Jade',
                'Olive',
                'Russet',
                'Silver',
                'Peñasco'
            ][1 + pick % 12]
            || ' '
            || [
                'Heron',
                'Manzanita',
                'Quail',
                'Sycamore',
                'Lupine',
                'Condor',
                'Yarrow',
                'Madrone',
                'Egret',
                'Toyon',
                'Otter'
            ][1 + floor(pick / 12)::integer % 11]
            || case when pick >= 132 then ' ' || (floor(pick / 132)::integer + 1) else '' end
            || case level when 'elementary' then ' Elementary' when 'middle' then ' Middle' else ' High' end
    end as school_name,
    case level when 'nps' then 'other' else level end as school_type,
    low,
    high,
    level <> 'nps' as is_reporting,
    before + no as number,
    case
        when u('skip', k * 10000 + before + no, 0) < 0.3
        then 45 + (u('skipday', k * 10000 + before + no, 0) * 90)::integer
    end as skipped_day
from named;

-- Instructional days of a district before its schools take their own days off: weekdays from mid-August on.
create table synth.base_day as
with
    days as (
        select
            d.k,
            y.school_year,
            unnest(
                range(
                    make_date(y.school_year - 1, 8, 11) + (d.k * 3 % 6)::integer,
                    make_date(y.school_year, 6, 30),
                    interval 1 day
                )
            )::date as day
        from synth.district as d, synth.school_year as y
    ),
    parts as (
        select *, isodow(day)::integer as dow, month(day)::integer as m, dayofmonth(day)::integer as dom
        from days
    ),
    kept as (
        select *
        from parts
        where
            dow <= 5
            and not (m = 9 and dow = 1 and dom <= 7)  -- Labor Day
            and not (m = 10 and dow = 1 and dom between 8 and 14 and k % 2 = 1)  -- staff day of every second district
            and not (m = 11 and dom = 11)  -- Veterans Day
            and not (m = 11 and dom - dow + 4 between 22 and 28)  -- Thanksgiving week
            and not (m = 12 and dom >= 21)
            and not (m = 1 and dom <= 5 + k % 3)
            and not (m = 1 and dow = 1 and dom between 15 and 21)
            and not (m = 2 and dow = 1 and dom between 15 and 21)
            and not (
                day - dow + 1 between make_date(school_year, 3, 24 + 7 * (k % 2)::integer) and make_date(
                    school_year, 3, 24 + 7 * (k % 2)::integer
                )
                + 6
            )
            and not (m = 5 and dow = 1 and dom >= 25)  -- Memorial Day
            and not (m = 6 and dom = 19)
    )
select k, school_year, day, row_number() over (partition by k, school_year order by day)::integer as n
from kept
qualify n <= 181;

create table synth.calendar as
select
    s.district_code,
    s.k,
    s.level,
    s.no,
    s.school_code,
    b.school_year,
    b.day,
    b.n - case when b.n > s.skipped_day then 1 else 0 end as day_number
from synth.school as s
join synth.base_day as b using (k)
where case when s.skipped_day is null then b.n <= 180 else b.n <> s.skipped_day end;

create table synth.term as
with
    half as (
        select
            c.school_code,
            c.school_year,
            max(c.day_number) filter (c.day < make_date(c.school_year - 1, 12, 21)) as half_day,
            max(c.day_number) as last_day
        from synth.calendar as c
        group by all
    ),
    shape as (
        select
            s.*,
            h.school_year,
            h.half_day,
            h.last_day,
            d.quarters,
            case when s.level = 'middle' then d.middle_terms else 'semester' end as kind
        from synth.school as s
        join half as h using (school_code)
        join synth.district as d using (k)
    ),
    spans as (
        select *, 'S1' as term_code, 1 as first_no, half_day as last_no
        from shape
        where kind = 'semester'
        union all
        select *, 'S2', half_day + 1, last_day
        from shape
        where kind = 'semester'
        union all
        select *, 'T1', 1, 60
        from shape
        where kind = 'trimester'
        union all
        select *, 'T2', 61, 120
        from shape
        where kind = 'trimester'
        union all
        select *, 'T3', 121, last_day
        from shape
        where kind = 'trimester'
        union all
        select *, 'Q1', 1, 44
        from shape
        where kind = 'semester' and level in ('middle', 'high') and quarters
        union all
        select *, 'Q2', 45, half_day
        from shape
        where kind = 'semester' and level in ('middle', 'high') and quarters
        union all
        select *, 'Q3', half_day + 1, half_day + 46
        from shape
        where kind = 'semester' and level in ('middle', 'high') and quarters
        union all
        select *, 'Q4', half_day + 47, last_day
        from shape
        where kind = 'semester' and level in ('middle', 'high') and quarters
    )
select
    t.district_code,
    t.k,
    t.level,
    t.no,
    t.school_code,
    t.school_year,
    t.term_code,
    case
        left(t.term_code, 1) when 'T' then 'trimester' when 'Q' then 'quarter' else 'semester'
    end as term_kind,
    a.day as start_date,
    z.day as end_date,
    t.first_no,
    t.last_no,
    t.level <> 'elementary' and left(t.term_code, 1) <> 'Q' as is_credit_bearing
from spans as t
join
    synth.calendar as a
    on a.school_code = t.school_code
    and a.school_year = t.school_year
    and a.day_number = t.first_no
join
    synth.calendar as z
    on z.school_code = t.school_code
    and z.school_year = t.school_year
    and z.day_number = t.last_no
union all
select
    district_code,
    k,
    level,
    no,
    school_code,
    school_year,
    'SS',
    'summer',
    make_date(school_year, 6, 15),
    make_date(school_year, 7, 17),
    null,
    null,
    true
from shape
where level in ('middle', 'high');
