-- What was lost on purpose, one by one: facts hold what can be recovered, this table what was true and what
-- was sent.
create table synth.lost (
    entity varchar,
    district_code varchar,
    key varchar,
    reason varchar,
    column_name varchar,
    true_value varchar,
    sent_value varchar,
    known_from date,
    known_to date
);

insert into synth.lost by name
with
    state as (
        select f.known_from, f.known_to, s.*
        from facts.student as f
        join
            synth.student_state as s
            on s.district_code = f.district_code
            and s.local_student_id = f.local_student_id
            and s.delivery_date = f.known_from
    )
select
    'student' as entity,
    district_code,
    local_student_id as key,
    case
        when us >= 0.003 then 'ssid_late' when ssid_sent = '' then 'ssid_missing' else 'ssid_malformed'
    end as reason,
    'ssid' as column_name,
    own_ssid as true_value,
    ssid_sent as sent_value,
    known_from,
    known_to
from state
where ssid is null
union all
select
    'student',
    district_code,
    local_student_id,
    case when birth_date is null then 'unreadable_date' else 'corrected_later' end,
    'birth_date',
    true_birth_date::varchar,
    coalesce(birth_date_sent, birth_date::varchar),
    known_from,
    known_to
from state
where birth_date is distinct from true_birth_date;

insert into synth.lost by name
select
    'course_mark' as entity,
    v.district_code,
    concat_ws('|', l.local_student_id, v.school_code, v.school_year, v.section_id, v.term_code) as key,
    case v.fate when 'unmapped' then 'unmapped_mark' else 'bad_row' end as reason,
    case v.fate when 'unmapped' then 'mark' else 'row' end as column_name,
    substr('FDCBA', v.points + 1, 1) as true_value,
    case v.fate when 'unmapped' then '??' else 'a row that no reader can take' end as sent_value,
    f.known_from,
    null::date as known_to
from synth.mark_version as v
join synth.local as l using (k, pid)
join
    synth.known as f
    on f.k = v.k
    and f.feed = 'marks'
    and f.school_year = v.school_year
    and f.ready_on = v.ready_on
where v.fate in ('unmapped', 'bad_row')
order by v.district_code, key;
