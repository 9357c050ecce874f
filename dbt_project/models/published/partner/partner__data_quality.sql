-- One row per district, school year and measure: how far the figures of that district and year can be
-- trusted.
with
    enrolled as (
        select distinct person_id, district_code, school_year, local_student_id
        from {{ ref("enrollment") }}
        where vantage = 'current'
    ),

    identities as (
        select
            enrolled.district_code,
            enrolled.school_year,
            count(*) as n,
            count(*) filter (sent.ssid is null) as n_without_ssid,
            count(*) filter (student.ssid is null) as n_unresolved
        from enrolled
        inner join {{ ref("student") }} as student on student.person_id = enrolled.person_id
        left join
            (
                select district_code, local_student_id, max(ssid) as ssid
                from {{ ref("canon_student") }}
                where known_to is null
                group by all
            ) as sent
            on sent.district_code = enrolled.district_code
            and sent.local_student_id = enrolled.local_student_id
        group by all
    ),

    marks as (
        select
            mark.district_code,
            mark.school_year,
            count(*) as n,
            count(*) filter (mark.subject_area is null) as n_unmapped_course,
            count(*) filter (mark.mark is null and mark.mark_raw is not null) as n_unmapped_mark,
            count(*) filter (mark.known_from > window_dates.freeze_date) as n_after_freeze
        from {{ ref("course_mark") }} as mark
        left join
            {{ ref("int_window") }} as window_dates
            on window_dates.vantage = 'current'
            and window_dates.district_code = mark.district_code
            and window_dates.school_year = mark.school_year
            and window_dates.window_code = 'EOY'
        where mark.vantage = 'current'
        group by all
    ),

    schools as (
        select
            attendance.district_code,
            attendance.school_year,
            attendance.school_code,
            coalesce(sum(attendance.days_absent), 0) = 0 as has_no_absence,
            not exists (
                select 1
                from {{ ref("incident") }} as incident
                where
                    incident.vantage = 'current'
                    and incident.school_code = attendance.school_code
                    and incident.school_year = attendance.school_year
                    and incident.suspension_type is not null
            ) as has_no_suspension
        from {{ ref("attendance_term") }} as attendance
        where attendance.vantage = 'current'
        group by all
    ),

    school_counts as (
        select
            district_code,
            school_year,
            count(*) as n,
            count(*) filter (has_no_absence) as n_no_absence,
            count(*) filter (has_no_suspension) as n_no_suspension
        from schools
        group by all
    ),

    cohorts as (
        select
            snapshot.district_code,
            snapshot.cohort_year as school_year,
            count(*) as n,
            count(*) filter (len(snapshot.partial_inputs) > 0) as n_partial,
            count(*) filter (before.person_id is not null) as n_matched
        from {{ ref("student_snapshot") }} as snapshot
        left join
            {{ ref("student_snapshot") }} as before
            on before.person_id = snapshot.person_id
            and before.cohort_year = snapshot.cohort_year
            and before.rule_set = snapshot.rule_set
            and before.snapshot_code = 'G8_EOY'
            and before.grade_level = '08'
        where
            snapshot.snapshot_code = 'G9_EOY'
            and snapshot.is_first_time_grade9
            and snapshot.district_code is not null
            and snapshot.rule_set in (select rule_set from {{ ref("rule_set") }} where is_default)
        group by all
    ),

    measures as (
        select
            district_code,
            school_year,
            'ssid_missing_share' as measure,
            n_without_ssid as n_found,
            n,
            true as is_share
        from identities
        union all
        select district_code, school_year, 'unresolved_identity_share', n_unresolved, n, true
        from identities
        union all
        select district_code, school_year, 'unmapped_course_share', n_unmapped_course, n, true
        from marks
        union all
        select district_code, school_year, 'unmapped_mark_share', n_unmapped_mark, n, true
        from marks
        union all
        select district_code, school_year, 'marks_after_freeze', n_after_freeze, n, false
        from marks
        union all
        select district_code, school_year, 'schools_without_absence', n_no_absence, n, false
        from school_counts
        union all
        select district_code, school_year, 'schools_without_suspension', n_no_suspension, n, false
        from school_counts
        union all
        select district_code, school_year, 'grade8_match_share', n_matched, n, true
        from cohorts
        union all
        select district_code, school_year, 'partial_inputs_share', n_partial, n, true
        from cohorts
    )

select
    district_code,
    cast(school_year as integer) as school_year,
    measure,
    case
        when is_share then cast(n_found as double) / cast(n as double) else cast(n_found as double)
    end as value,
    n
from measures
