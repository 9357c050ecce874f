-- One row per vantage, person, school and entry date. No-shows and spans that end before they begin are no
-- enrollment.
-- first_date and last_date are the part within the school year; an open enrollment lasts to its end.
with
    sent as (
        select
            enrollment.*,
            local.person_id,
            grade.grade_number,
            greatest(enrollment.entry_date, make_date(enrollment.school_year - 1, 7, 1)) as first_date,
            least(
                coalesce(enrollment.exit_date, make_date(enrollment.school_year, 6, 30)),
                make_date(enrollment.school_year, 6, 30)
            ) as last_date
        from ({{ visible("enrollment") }}) as enrollment
        inner join {{ ref("student_local") }} as local using (vantage, district_code, local_student_id)
        left join {{ ref("grade_level") }} as grade on grade.grade_level = enrollment.grade_level
        left join {{ ref("exit_reason") }} as reason on reason.exit_reason = enrollment.exit_reason
        where {{ is_enrollment("enrollment", "reason") }}
    ),

    one_each as (
        select *
        from sent
        qualify
            row_number() over (
                partition by vantage, person_id, school_code, entry_date
                order by
                    enrollment_status = '10' desc nulls last,
                    enrollment_status = '30' desc nulls last,
                    last_date desc,
                    known_from desc,
                    local_student_id,
                    source_file_id,
                    source_row
            )
            = 1
    )

select
    vantage,
    person_id,
    district_code,
    local_student_id,
    school_code,
    school_year,
    grade_level,
    grade_number,
    entry_date,
    exit_date,
    exit_reason,
    enrollment_status,
    first_date,
    last_date,
    -- secondary enrollments give marks and credits, never days nor attribution
    coalesce(enrollment_status in ('10', '30') and first_date <= last_date, false) as has_days,
    coalesce(
        enrollment_status = '10' or (enrollment_status = '30' and last_date - first_date + 1 > 30), false
    ) as is_primary_kind,
    source_file_id,
    source_row,
    known_from
from one_each
