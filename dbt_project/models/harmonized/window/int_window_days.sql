-- One row per vantage, person, school year and window (T1, EOY): days and absences over all CORE
-- enrollments, what was
-- delivered for their districts, and suspensions from July 1 to as_of.
with
    days as (
        select
            person.vantage,
            person.person_id,
            person.school_year,
            person.window_code,
            sum(piece.days) as days,
            sum(piece.absent_parts) as absent_parts,
            bool_and(piece.days is not null) as has_calendar,
            bool_and(coalesce(coverage.is_available, false)) as has_attendance
        from {{ ref("int_window_person") }} as person
        inner join
            {{ ref("int_attendance_piece") }} as piece
            on piece.vantage = person.vantage
            and piece.person_id = person.person_id
            and piece.school_year = person.school_year
            and piece.has_own_days
            and (piece.is_t1 or person.window_code = 'EOY')
        left join
            {{ ref("feed_coverage") }} as coverage
            on coverage.vantage = piece.vantage
            and coverage.district_code = piece.district_code
            and coverage.school_year = piece.school_year
            and coverage.feed = 'attendance'
        group by all
    ),

    districts as (
        select distinct
            person.vantage, person.person_id, person.school_year, person.window_code, enrollment.district_code
        from {{ ref("int_window_person") }} as person
        inner join {{ ref("int_enrollment") }} as enrollment using (vantage, person_id, school_year)
        where enrollment.entry_date <= person.as_of or enrollment.district_code = person.last_district_code
    ),

    delivered as (
        select
            districts.vantage,
            districts.person_id,
            districts.school_year,
            districts.window_code,
            bool_and(coverage.is_available) filter (where coverage.feed = 'attendance') as has_attendance,
            bool_and(coverage.is_available) filter (where coverage.feed = 'discipline') as has_discipline,
            bool_and(coverage.is_available) filter (where coverage.feed = 'marks') as has_marks
        from districts
        inner join {{ ref("feed_coverage") }} as coverage using (vantage, district_code, school_year)
        group by all
    ),

    suspensions as (
        select
            person.vantage,
            person.person_id,
            person.school_year,
            person.window_code,
            count(*) as n_suspensions,
            count(*) filter (where incident.suspension_type = 'OSS') as n_oss_suspensions,
            sum(coalesce(incident.suspension_days, 0)) as suspension_days
        from {{ ref("int_window_person") }} as person
        inner join {{ ref("incident") }} as incident using (vantage, person_id)
        where
            incident.suspension_type is not null
            and incident.incident_date between make_date(person.school_year - 1, 7, 1) and person.as_of
        group by all
    )

select
    person.vantage,
    person.person_id,
    person.school_year,
    person.window_code,
    coalesce(
        days.has_calendar and days.has_attendance, delivered.has_attendance, false
    ) as attendance_available,
    cast(coalesce(days.days, 0) as bigint) as days,
    cast(coalesce(days.absent_parts, 0) as bigint) as absent_parts,
    cast(coalesce(suspensions.n_suspensions, 0) as integer) as n_suspensions,
    cast(coalesce(suspensions.n_oss_suspensions, 0) as integer) as n_oss_suspensions,
    coalesce(suspensions.suspension_days, 0) as suspension_days,
    suspensions.person_id is not null or coalesce(delivered.has_discipline, false) as is_discipline_known,
    coalesce(delivered.has_attendance, false) as has_attendance,
    coalesce(delivered.has_discipline, false) as has_discipline,
    coalesce(delivered.has_marks, false) as has_marks
from {{ ref("int_window_person") }} as person
left join days using (vantage, person_id, school_year, window_code)
left join delivered using (vantage, person_id, school_year, window_code)
left join suspensions using (vantage, person_id, school_year, window_code)
