-- One row per vantage, person, school and entry date, with its place after overlaps are resolved.
with
    own_days as (
        select
            vantage, person_id, school_code, entry_date, sum(days) as days, count(*) = count(days) as is_known
        from {{ ref("int_enrollment_piece") }}
        where is_owned
        group by all
    )

select
    enrollment.vantage,
    enrollment.person_id,
    enrollment.district_code,
    enrollment.local_student_id,
    enrollment.school_code,
    enrollment.school_year,
    enrollment.grade_level,
    enrollment.entry_date,
    enrollment.exit_date,
    enrollment.exit_reason,
    enrollment.enrollment_status,
    enrollment.is_primary_kind and own_days.person_id is not null as is_primary,
    cast(
        case when own_days.person_id is null then 0 when own_days.is_known then own_days.days end as decimal(
            18, 12
        )
    ) as days_expected,
    enrollment.source_file_id,
    enrollment.source_row,
    enrollment.known_from
from {{ ref("int_enrollment") }} as enrollment
left join own_days using (vantage, person_id, school_code, entry_date)
