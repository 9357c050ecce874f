insert into facts.school by name
select
    s.district_code,
    s.school_code,
    y.school_year,
    case
        -- Two high schools have changed their numbers: a local number means another school in another year.
        when d.reuse_numbers_from <= y.school_year and s.level = 'high' and s.no = 1
        then (s.number + 1)::varchar
        when d.reuse_numbers_from <= y.school_year and s.level = 'high' and s.no = 2
        then (s.number - 1)::varchar
        else s.number::varchar
    end as local_school_code,
    s.school_name,
    s.school_type,
    s.low as low_grade,
    s.high as high_grade,
    s.is_reporting,
    case when s.is_reporting then 18 + floor(u('staff', s.school_code, 0) * 60)::integer end as staff_count,
    n.known_from
from synth.school as s
join synth.district as d using (k)
cross join synth.school_year as y
join
    synth.known as n
    on n.k = s.k
    and n.feed = 'schools'
    and n.school_year = y.school_year
    and n.ready_on = make_date(y.school_year - 1, 7, 1)
order by s.school_code, y.school_year;

insert into facts.term by name
select
    t.district_code,
    t.school_code,
    t.school_year,
    t.term_code,
    t.term_kind,
    t.start_date,
    t.end_date,
    t.is_credit_bearing,
    n.known_from
from synth.term as t
join
    synth.known as n
    on n.k = t.k
    and n.feed = 'terms'
    and n.school_year = t.school_year
    and n.ready_on = make_date(t.school_year - 1, 7, 1)
order by t.school_code, t.school_year, t.term_code;

insert into facts.calendar_day by name
select
    c.district_code,
    c.school_code,
    c.school_year,
    c.day as calendar_date,
    case when d.day_numbers then c.day_number end as day_number,
    case when d.attendance_form = 'periods' then 6 end as n_periods,
    n.known_from
from synth.calendar as c
join synth.district as d using (k)
join
    synth.known as n
    on n.k = c.k
    and n.feed = 'calendar'
    and n.school_year = c.school_year
    and n.ready_on = make_date(c.school_year - 1, 7, 1)
order by c.school_code, c.day;
