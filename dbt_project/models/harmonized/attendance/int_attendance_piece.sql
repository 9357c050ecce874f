-- One row per vantage, person, school, school year, term and side of the first-term as-of date: days and
-- absences of the
-- enrollments' own days. days is NULL where the school has no calendar.
with
    expected as (
        select
            vantage,
            person_id,
            district_code,
            school_code,
            school_year,
            term_code,
            is_t1,
            case
                when count(*) filter (where is_owned) = count(days) filter (where is_owned)
                then coalesce(sum(days) filter (where is_owned), 0)
            end as days,
            coalesce(sum(days) filter (where not is_owned), 0) as days_overlap_removed,
            bool_or(is_owned) as has_own_days,
            max(known_from) as known_from
        from {{ ref("int_enrollment_piece") }}
        group by all
    ),

    absences as (
        select
            piece.vantage,
            piece.person_id,
            piece.district_code,
            piece.school_code,
            piece.school_year,
            piece.term_code,
            piece.is_t1,
            sum(absence.absent_parts) as absent_parts,
            sum(absence.absent_parts) filter (where absence.category = 'excused') as excused_parts,
            sum(absence.absent_parts) filter (where absence.category = 'unexcused') as unexcused_parts,
            sum(absence.absent_parts) filter (where absence.category = 'oss') as oss_parts,
            sum(absence.absent_parts) filter (where absence.category = 'nonada_is') as nonada_parts,
            sum(absence.iss_parts) as iss_parts,
            max(absence.known_from) as known_from
        from {{ ref("int_absence_day") }} as absence
        inner join
            {{ ref("int_enrollment_piece") }} as piece
            on piece.vantage = absence.vantage
            and piece.district_code = absence.district_code
            and piece.local_student_id = absence.local_student_id
            and piece.school_code = absence.school_code
            and piece.school_year = absence.school_year
            and piece.is_owned
            and absence.calendar_date between piece.from_date and piece.to_date
        group by all
    )

select
    expected.vantage,
    expected.person_id,
    expected.district_code,
    expected.school_code,
    expected.school_year,
    expected.term_code,
    expected.is_t1,
    cast(expected.days as bigint) as days,
    cast(expected.days_overlap_removed as bigint) as days_overlap_removed,
    expected.has_own_days,
    cast(coalesce(absences.absent_parts, 0) as bigint) as absent_parts,
    cast(coalesce(absences.excused_parts, 0) as bigint) as excused_parts,
    cast(coalesce(absences.unexcused_parts, 0) as bigint) as unexcused_parts,
    cast(coalesce(absences.oss_parts, 0) as bigint) as oss_parts,
    cast(coalesce(absences.nonada_parts, 0) as bigint) as nonada_parts,
    cast(coalesce(absences.iss_parts, 0) as bigint) as iss_parts,
    greatest(expected.known_from, coalesce(absences.known_from, expected.known_from)) as known_from
from expected
left join absences using (vantage, person_id, district_code, school_code, school_year, term_code, is_t1)
