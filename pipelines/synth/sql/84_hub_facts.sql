-- What the hub knows: who takes part, what is worked on, and the SSIDs that stewards have joined.
-- Three in four high schools take part: the first cohort from its first year on, the second a year later;
-- one school leaves.
insert into facts.btsc_membership by name
with
    schools as (select *, u('btsc', school_code, 0) as luck from synth.school where level = 'high'),
    members as (
        select
            school_code,
            'BTSC' as network,
            case when luck < 0.5 then '1' else '2' end as cohort,
            s.last_complete_year - case when luck < 0.5 then 1 else 0 end as start_year,
            case when luck < 0.02 then s.last_complete_year end as left_year
        from schools, synth.setting as s
        where luck < 0.75
    ),
    versions as (
        select
            *,
            null as end_year,
            make_date(start_year - 1, 8, 1) as ready_on,
            make_date(left_year, 7, 1) as ready_to
        from members
        union all
        select *, left_year, make_date(left_year, 7, 1), null
        from members
        where left_year is not null
    )
select v.school_code, v.network, v.cohort, v.start_year, v.end_year, f.known_from, t.known_from as known_to
from versions as v
asof join synth.hub_delivery as f on f.known_from >= v.ready_on
asof left join synth.hub_delivery as t on t.known_from >= v.ready_to
where t.known_from is null or t.known_from > f.known_from
order by v.school_code, v.start_year, f.known_from;

insert into facts.focus_area by name
with
    areas as (
        select *
        from
            (
                values
                    (
                        'F1',
                        'More students move up a lane in grade 9',
                        'movement_rate',
                        'all',
                        'ALL',
                        0.25,
                        0.3
                    ),
                    (
                        'F2',
                        'Fewer students off track from grade 9 to 10',
                        'off_track_rate_9_10',
                        'all',
                        'ALL',
                        0.3,
                        0.24
                    ),
                    (
                        'F3',
                        'English learners come to school',
                        'chronic_absenteeism_rate',
                        'language',
                        'EL',
                        0.28,
                        0.2
                    ),
                    ('F4', 'Fewer failed core courses', 'any_f_core_rate', 'program', 'SED', 0.4, 0.32)
            ) as a(focus_area_id, focus_area_name, measure_code, group_type, group_code, baseline, aim)
    )
select
    d.district_code,
    a.focus_area_id,
    a.focus_area_name,
    a.measure_code,
    a.group_type,
    a.group_code,
    a.baseline::decimal(9, 4) as baseline,
    a.aim::decimal(9, 4) as aim,
    make_date(s.last_complete_year - 2, 8, 15) as start_date,
    make_date(s.last_complete_year + 1, 6, 30) as aim_date,
    f.known_from
from synth.district as d
cross join areas as a
cross join synth.setting as s
asof join synth.hub_delivery as f on f.known_from >= make_date(s.last_complete_year - 2, 8, 1)
where a.focus_area_id in ('F1', 'F2') or u('focus', d.district_code, a.focus_area_id) < 0.6
order by d.district_code, a.focus_area_id;

-- A test of change begins each autumn and each spring; its end is known when it has come.
insert into facts.pdsa_cycle by name
with
    cycles as (
        select
            m.school_code,
            y.school_year,
            half,
            pick(
                ['adult teaming', 'relationships', 'grading', 'transitions', 'master schedule'],
                'driver',
                m.school_code || y.school_year || half
            ) as driver,
            make_date(
                y.school_year - case half when 1 then 1 else 0 end, case half when 1 then 9 else 2 end, 1
            )
            + floor(u('pdsa', m.school_code, y.school_year * 2 + half) * 20)::integer as start_date
        from (select distinct school_code, start_year from facts.btsc_membership) as m
        join synth.school_year as y on y.school_year >= m.start_year
        cross join range(1, 3) as h(half)
    ),
    dated as (select *, start_date + 28 as end_date from cycles),
    versions as (
        select * replace (null as end_date), start_date as ready_on, end_date as ready_to
        from dated
        union all
        select *, end_date, null
        from dated
    )
select
    v.school_code || '-' || v.school_year || '-' || v.half as pdsa_cycle_id,
    v.school_code,
    v.driver,
    v.start_date,
    v.end_date,
    'Synthetic cycle on ' || v.driver as note,
    f.known_from,
    t.known_from as known_to
from versions as v
asof join synth.hub_delivery as f on f.known_from >= v.ready_on
asof left join synth.hub_delivery as t on t.known_from >= v.ready_to
where t.known_from is null or t.known_from > f.known_from
order by v.school_code, v.school_year, v.half, f.known_from;

insert into facts.capability_rating by name
with
    entities as (
        select 'district' as level, district_code as entity_code
        from synth.district
        union all
        select distinct 'school', school_code
        from facts.btsc_membership
    ),
    rated as (
        select
            e.level,
            e.entity_code,
            d.domain,
            make_date(
                y.school_year - case half when 1 then 1 else 0 end, case half when 1 then 10 else 5 end, 15
            ) as rating_date,
            -- 1 (beginning) to 4 (sustaining); slowly rising.
            least(
                4,
                1 + floor(
                    u('rate', e.entity_code, d.domain) * 2
                    + (y.school_year - s.last_complete_year + 3) * 0.4
                    + half * 0.3
                )
            )::integer as rating
        from entities as e
        cross join
            (
                select unnest(['use of data', 'testing changes', 'teaming', 'leadership support']) as domain
            ) as d
        cross join synth.school_year as y
        cross join range(1, 3) as h(half)
        cross join synth.setting as s
    )
select r.level, r.entity_code, r.domain, r.rating_date, r.rating, f.known_from
from rated as r
asof join synth.hub_delivery as f on f.known_from >= r.rating_date
order by r.entity_code, r.domain, r.rating_date;

insert into facts.ssid_merge by name
select
    m.ssid_from,
    m.ssid_to,
    f.known_from - 14 as decided_on,
    'multiple SSIDs of one student' as reason,
    f.known_from
from synth.ssid_merge as m
cross join (select min(known_from) as known_from from synth.hub_delivery) as f
order by m.ssid_from;
