-- One row per period, district, local student id, school and entry date: a grade-9 enrollment that is not
-- secondary, cut to the period, as known when the period closed. No-shows are no enrollment.
with
    sent as (
        select
            period.period_id,
            period.period_kind,
            enrollment.district_code,
            enrollment.local_student_id,
            enrollment.school_code,
            enrollment.school_year,
            enrollment.entry_date,
            enrollment.enrollment_status,
            greatest(enrollment.entry_date, period.from_date) as from_date,
            least(coalesce(enrollment.exit_date, period.to_date), period.to_date) as to_date
        from {{ ref("canon_enrollment") }} as enrollment
        inner join {{ ref("series_period") }} as period using (district_code, school_year)
        left join {{ ref("exit_reason") }} as reason on reason.exit_reason = enrollment.exit_reason
        where
            enrollment.grade_level = '09'
            and enrollment.enrollment_status in ('10', '30')
            and enrollment.entry_date <= period.to_date
            and coalesce(enrollment.exit_date, period.to_date) >= period.from_date
            and {{ is_enrollment("enrollment", "reason") }}
            and {{ known_at_close("enrollment") }}
    )

select
    period_id,
    period_kind,
    district_code,
    local_student_id,
    school_code,
    school_year,
    entry_date,
    min(enrollment_status) as enrollment_status,
    min(from_date) as from_date,
    max(to_date) as to_date
from sent
group by all
