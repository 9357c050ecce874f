-- Who a person is in each district: local id, SSID, name; and the programs.
create table synth.local as
with
    seen as (
        select
            k,
            district_code,
            pid,
            min(entry_date) as first_date,
            max(last_date) as last_date,
            min(school_year) as first_year,
            max(school_year) as last_year
        from synth.stay
        group by all
    ),
    numbered as (select pid, row_number() over (order by pid) as n from (select distinct pid from seen))
select
    s.*,
    p.home_k,
    p.g9_year,
    p.a,
    p.sed,
    (200000 + row_number() over (partition by s.k order by u('local', s.pid, 0), s.pid))::varchar
    as local_student_id,
    -- A bijection, so that SSIDs are unique and tell nothing; the second one is for those who got two by
    -- mistake.
    (1000000000 + (n.n * 1234567891) % 4500000000)::varchar as ssid,
    (5500000000 + (n.n * 1234567891) % 4400000000)::varchar as second_ssid,
    s.k <> p.home_k
    and s.first_year <= st.first_cover_year
    and u('twossid', s.pid, s.k) < 0.03 as has_second_ssid,
    pick(
        [
            'Alma',
            'Benicio',
            'Carla',
            'Dario',
            'Elena',
            'Farid',
            'Grace',
            'Hieu',
            'Inés',
            'José',
            'Kalani',
            'Lupe',
            'Minh',
            'Noor',
            'Óscar',
            'Priya',
            'Quinn',
            'Rosa',
            'Sói',
            'Tomás',
            'Uma',
            'Violet',
            'Wei',
            'Ximena',
            'Yusuf',
            'Zoë'
        ],
        'first',
        s.pid
    ) as first_name,
    pick(
        [
            'Alvarez',
            'Bañuelos',
            'Chen',
            'Dang',
            'Espinoza',
            'Flores',
            'García',
            'Huang',
            'Ibarra',
            'Johnson',
            'Kaur',
            'Lopez',
            'Muñoz',
            'Nguyen',
            'O''Neil',
            'Peña',
            'Quintero',
            'Reyes',
            'Smith-Lee',
            'Tran',
            'Underwood',
            'Vang',
            'Williams',
            'Xiong',
            'Yang',
            'Zuñiga'
        ],
        'last',
        s.pid
    ) as last_name
from seen as s
join synth.person as p using (pid)
join numbered as n using (pid)
cross join synth.setting as st;

create table synth.trait as
with
    people as (select distinct pid, g9_year from synth.local),
    drawn as (
        select *, u('hispanic', pid, 0) as uh, u('race', pid, 0) as ur, u('gender', pid, 0) as ug from people
    )
select
    pid,
    make_date(g9_year - 16, 9, 2) + (u('birth', pid, 0) * 364)::integer as birth_date,
    case when ug < 0.486 then 'F' when ug < 0.992 then 'M' when ug < 0.997 then 'X' end as gender,
    case when uh < 0.58 then true when uh < 0.985 then false end as is_hispanic,
    case
        when ur < 0.03
        then null
        when uh < 0.58
        then
            case
                when ur < 0.7 then '700' when ur < 0.8 then '100' when ur < 0.85 then '600;700' else '600'
            end
        when ur < 0.25
        then '700'
        when ur < 0.45
        then '600'
        when ur < 0.75
        then pick(['201', '203', '204', '205', '207', '208', '299', '202'], 'asian', pid)
        when ur < 0.84
        then '400'
        when ur < 0.87
        then '302'
        when ur < 0.88
        then '100'
        when ur < 0.93
        then '600;700'
        when ur < 0.96
        then '201;400'
        else '204;700'
    end as race_codes
from drawn;

-- Program spans with the day from which each, and its end, is known.
create table synth.program as
with
    people as (
        select
            *,
            g9_year - 9 as kn_year,
            case
                when a = 0 then make_date(g9_year - 10, 8, 15) else make_date(g9_year - 10 + a, 9, 1)
            end as first_in_us
        from synth.local
    ),
    language as (
        select
            *,
            u('el', pid, 0) as ue,
            case
                when u('rfep', pid, 0) < 0.4
                then
                    make_date(
                        kn_year + greatest(a + 1, 3 + (u('rfepyear', pid, 0) * 9)::integer),
                        5,
                        1 + floor(u('rfepday', pid, 0) * 20)::integer
                    )
            end as rfep_date
        from people
    ),
    spans as (
        select
            *,
            'EL_STATUS' as program,
            'EL' as value,
            first_in_us as start_date,
            case when rfep_date <= last_date then rfep_date - 1 end as end_date
        from language
        where ue < 0.285
        union all
        select *, 'EL_STATUS', 'RFEP', rfep_date, null
        from language
        where ue < 0.285 and rfep_date <= last_date
        union all
        select
            *,
            'EL_STATUS',
            case when ue < 0.345 then 'IFEP' when ue < 0.349 then 'TBD' else 'EO' end,
            first_in_us,
            null
        from language
        where ue >= 0.285
        union all
        select
            *,
            'SWD',
            'Y',
            make_date(
                kn_year + 1 + floor(u('iep', pid, 0) * 7)::integer,
                10,
                1 + floor(u('iepday', pid, 0) * 28)::integer
            ),
            case when u('iepend', pid, 0) < 0.06 then make_date(kn_year + 9, 2, 10) end
        from language
        where u('swd', pid, 0) < 0.132
        union all
        select *, 'MIGRANT', 'Y', first_in_us, null
        from language
        where u('migrant', pid, 0) < 0.012
        union all
        select
            *,
            'FOSTER',
            'Y',
            first_date - 200 + (u('fosterday', pid, 0) * 500)::integer,
            case
                when u('fosterend', pid, 0) < 0.5
                then first_date + 320 + (u('fosterday', pid, 0) * 500)::integer
            end
        from language
        where u('foster', pid, 0) < 0.009
        union all
        select
            *,
            'PARENT_ED',
            pick(
                ['10', '11', '11', '12', '12', '12', '13', '13', '13', '13', '14', '14', '14', '15'],
                'parent',
                pid
            ),
            null,
            null
        from language
        where u('hasparent', pid, 0) < 0.9
    ),
    years as (
        select distinct k, pid, school_year, min(entry_date) as from_date, max(last_date) as to_date
        from synth.stay
        group by all
    ),
    yearly as (
        select
            l.*,
            y.school_year,
            'MEALS' as program,
            case when l.sed < 0.52 then 'F' else 'R' end as value,
            make_date(y.school_year - 1, 7, 1) as start_date,
            make_date(y.school_year, 6, 30) as end_date
        from language as l
        join years as y using (k, pid)
        where l.sed < 0.62 and u('meals', l.pid, y.school_year) < 0.93
        union all
        select
            l.*,
            y.school_year,
            'HOMELESS',
            'Y',
            y.from_date + ((y.to_date - y.from_date) * u('homelessday', l.pid, y.school_year))::integer,
            make_date(y.school_year, 6, 30)
        from language as l
        join years as y using (k, pid)
        where u('homeless', l.pid, 0) < 0.08 and u('homeless', l.pid, y.school_year) < 0.5
    )
select
    k,
    district_code,
    pid,
    local_student_id,
    program,
    value,
    start_date,
    end_date,
    greatest(first_date, start_date) as ready_on,
    end_date as ends_on
from spans
where start_date is null or start_date <= last_date
union all
select
    k,
    district_code,
    pid,
    local_student_id,
    program,
    value,
    start_date,
    end_date,
    greatest(first_date, start_date),
    null
from yearly
where start_date <= last_date;

-- The same person with two SSIDs: what the hub's stewards found out.
create table synth.ssid_merge as
select distinct second_ssid as ssid_from, ssid as ssid_to from synth.local where has_second_ssid;
