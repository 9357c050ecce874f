-- An enrollment is open until its end is known; the end may be reported late.
insert into facts.enrollment by name
with
    told as (
        select
            s.*,
            l.local_student_id,
            case
                when s.ends = 'noshow'
                then s.entry_date
                else s.last_date + case when u('lateexit', s.pid, s.school_year) < 0.01 then 50 else 0 end
            end as ends_on
        from synth.stay as s
        join synth.local as l using (k, pid)
    ),
    versions as (
        select * replace (null as exit_date, null as exit_reason), entry_date as ready_on, ends_on as ready_to
        from told
        where ends <> 'noshow'
        union all
        select *, greatest(entry_date, ends_on), null
        from told
    )
select
    v.district_code,
    v.local_student_id,
    v.school_code,
    v.school_year,
    case when v.grade = 0 then 'KN' else lpad(v.grade::varchar, 2, '0') end as grade_level,
    v.entry_date,
    v.exit_date,
    v.exit_reason,
    v.status as enrollment_status,
    f.known_from,
    t.known_from as known_to
from versions as v
join
    synth.known as f
    on f.k = v.k
    and f.feed = 'enrollment'
    and f.school_year = v.school_year
    and f.ready_on = v.ready_on
left join
    synth.known as t
    on t.k = v.k
    and t.feed = 'enrollment'
    and t.school_year = v.school_year
    and t.ready_on = v.ready_to
where t.known_from is null or t.known_from > f.known_from
order by
    v.district_code, v.local_student_id, v.school_year, v.entry_date, v.school_code, v.status, f.known_from;

-- What the district says of a student in each delivery from the first enrollment on; equal neighbors become
-- one version.
create table synth.student_state as
with
    first_known as (
        select district_code, local_student_id, min(known_from) as since from facts.enrollment group by all
    ),
    moments as (
        select
            l.*,
            t.birth_date as true_birth_date,
            t.gender,
            t.is_hispanic,
            t.race_codes,
            f.since,
            v.delivery_date,
            u('ssid', l.pid, l.k) as us,
            u('birthtext', l.pid, l.k) as ub,
            d.tells_first_grade9,
            case when l.has_second_ssid then l.second_ssid else l.ssid end as own_ssid
        from synth.local as l
        join first_known as f using (district_code, local_student_id)
        join synth.trait as t using (pid)
        join synth.district as d using (k)
        join
            (select distinct k, delivery_date from synth.delivery where feed = 'students') as v
            on v.k = l.k
            and v.delivery_date >= f.since
    )
select
    k,
    district_code,
    pid,
    local_student_id,
    first_name,
    last_name,
    gender,
    is_hispanic,
    race_codes,
    own_ssid,
    true_birth_date,
    us,
    ub,
    delivery_date,
    since,
    case when us < 0.003 or us < 0.008 and delivery_date < since + 120 then null else own_ssid end as ssid,
    case
        when us < 0.0015 or us >= 0.003 and us < 0.008 and delivery_date < since + 120
        then ''
        when us < 0.003
        then left(own_ssid, 7)
    end as ssid_sent,
    case
        when ub < 0.0015
        then null
        when ub < 0.005 and delivery_date < since + 120
        then true_birth_date - 10
        else true_birth_date
    end as birth_date,
    case when ub < 0.0015 then '13/45/' || year(true_birth_date) end as birth_date_sent,
    case
        when tells_first_grade9 and delivery_date >= make_date(g9_year - 1, 8, 1) then g9_year
    end as first_grade9_year
from moments;

insert into facts.student by name
with
    changes as (
        select *
        from synth.student_state
        qualify
            row(
                ssid,
                birth_date,
                first_grade9_year,
                1
            ) is distinct from lag(row(ssid, birth_date, first_grade9_year, 1)) over (
                partition by district_code, local_student_id order by delivery_date
            )
    )
select
    district_code,
    local_student_id,
    ssid,
    birth_date,
    gender,
    is_hispanic,
    race_codes,
    first_grade9_year,
    first_name,
    last_name,
    ssid_sent,
    birth_date_sent,
    delivery_date as known_from,
    lead(delivery_date) over (partition by district_code, local_student_id order by delivery_date) as known_to
from changes
order by district_code, local_student_id, delivery_date;

insert into facts.student_program by name
with
    first_known as (
        select district_code, local_student_id, min(known_from) as since from facts.student group by all
    ),
    -- What began before the earliest date that synth.known has was known in the first delivery as well.
    earliest as (select k, min(ready_on) as low from synth.known where feed = 'programs' group by all),
    versions as (
        select * replace (null as end_date), ends_on as ready_to
        from synth.program
        where ends_on is not null
        union all
        select * replace (coalesce(ends_on, ready_on) as ready_on), null
        from synth.program
    ),
    clipped as (
        select
            v.* replace (
                greatest(v.ready_on, e.low) as ready_on,
                case when v.ready_to is not null then greatest(v.ready_to, e.low) end as ready_to
            )
        from versions as v
        join earliest as e using (k)
    ),
    known as (
        select
            v.*,
            greatest(f.since, a.known_from) as known_from,
            greatest(f.since, z.known_from) as known_to,
            z.known_from as ended
        from clipped as v
        join first_known as f using (district_code, local_student_id)
        join
            synth.known as a
            on a.k = v.k
            and a.feed = 'programs'
            and a.school_year = 0
            and a.ready_on = v.ready_on
        left join
            synth.known as z
            on z.k = v.k
            and z.feed = 'programs'
            and z.school_year = 0
            and z.ready_on = v.ready_to
    )
select
    district_code,
    local_student_id,
    program,
    value,
    start_date,
    end_date,
    known_from,
    case when ended is not null then known_to end as known_to
from known
where ended is null or known_to > known_from
order by district_code, local_student_id, program, value, start_date, known_from;
