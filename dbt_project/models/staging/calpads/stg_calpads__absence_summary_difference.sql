{#- How far the district's own absence summary is from its daily rows, both as known tonight: counts by school and year,
    for the data-quality measures. In-school suspension is attendance, as in the summary (CALPADS 13.16, 13.18). -#}
with
    recorded as (
        select district_code, local_student_id, school_code, school_year, count(*) as days_recorded
        from {{ ref("stg_calpads__attendance_recorded") }}
        where known_to is null
        group by all
    ),

    absent as (
        select district_code, local_student_id, school_code, school_year, count(*) as days_absent
        from {{ ref("stg_calpads__attendance_event") }}
        where known_to is null and category in ('excused', 'unexcused', 'oss', 'nonada_is')
        group by all
    ),

    compared as (
        select
            summary.district_code,
            summary.school_code,
            summary.school_year,
            summary.days_expected - coalesce(recorded.days_recorded, 0) as expected_difference,
            summary.days_attended
            - (coalesce(recorded.days_recorded, 0) - coalesce(absent.days_absent, 0)) as attended_difference
        from {{ ref("stg_calpads__absence_summary") }} as summary
        left join recorded using (district_code, local_student_id, school_code, school_year)
        left join absent using (district_code, local_student_id, school_code, school_year)
        where summary.known_to is null
    )

select
    district_code,
    school_code,
    school_year,
    count(*) as n_students,
    count(*) filter (expected_difference != 0 or attended_difference != 0) as n_differing,
    sum(expected_difference) as expected_difference,
    sum(attended_difference) as attended_difference
from compared
group by all
