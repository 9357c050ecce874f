-- One row per level, entity_code, person_id and school_year with a primary or short-term enrollment there:
-- each student once per level, with the days and suspensions of that level alone. Levels do not add up.
with
    enrolled as (
        select *, true as is_enrolled, 0 as n_suspensions, cast(0 as decimal(18, 3)) as suspension_days
        from {{ ref("companion_enrollment") }}
    ),

    -- suspensions count where the student is enrolled, at a school of the district that reports them or not
    suspended as (
        select
            incident.person_id,
            incident.school_year,
            incident.district_code,
            incident.school_code,
            true as is_reporting,
            false as is_enrolled,
            count(*) as n_suspensions,
            cast(sum(coalesce(incident.suspension_days, 0)) as decimal(18, 3)) as suspension_days
        from {{ ref("incident") }} as incident
        where
            incident.vantage = 'current'
            and incident.suspension_type is not null
            and incident.incident_date
            between make_date(incident.school_year - 1, 7, 1) and make_date(incident.school_year, 6, 30)
        group by all
    ),

    pieces as (
        select *
        from enrolled
        union all by name
        select *
        from suspended
    ),

    entities as (
        select 'collaborative' as level, 'CORE' as entity_code, cast(null as varchar) as parent_code, pieces.*
        from pieces
        union all
        select 'district', district_code, 'CORE', pieces.*
        from pieces
        union all
        select 'school', school_code, district_code, pieces.*
        from pieces
        where is_reporting and school_code is not null
        union all
        select 'btsc_cohort', btsc_school.entity_code, null, pieces.*
        from pieces
        inner join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = pieces.school_code
        where pieces.is_reporting
    )

select
    level,
    entity_code,
    min(parent_code) filter (where is_enrolled) as parent_code,
    person_id,
    school_year,
    coalesce(bool_or(is_census), false) as is_census,
    coalesce(bool_or(starts_in_year), false) as starts_in_year,
    coalesce(bool_or(is_stable), false) as is_stable,
    coalesce(bool_or(has_changed_school), false) as has_changed_school,
    cast(sum(coalesce(expected_parts, 0)) as bigint) as expected_parts,
    cast(sum(coalesce(absent_parts, 0)) as bigint) as absent_parts,
    coalesce(bool_and(is_attendance_known), false) as is_attendance_known,
    -- at least one of the student's districts sent its incidents: the others are left out on both sides
    coalesce(bool_or(is_discipline_known), false) as is_discipline_known,
    coalesce(bool_and(is_discipline_known), false) as is_discipline_complete,
    cast(sum(n_suspensions) as integer) as n_suspensions,
    cast(sum(suspension_days) as decimal(18, 3)) as suspension_days
from entities
group by level, entity_code, person_id, school_year
having bool_or(is_enrolled)
