-- One row per district, school year and measure about days and absences as known tonight.
with
    absences as (
        select
            absence.district_code,
            absence.school_year,
            count(*) as n,
            count(*) filter (
                not exists (
                    select 1
                    from {{ ref("int_enrollment") }} as enrollment
                    where
                        enrollment.vantage = 'current'
                        and enrollment.district_code = absence.district_code
                        and enrollment.local_student_id = absence.local_student_id
                        and enrollment.school_code = absence.school_code
                        and absence.calendar_date between enrollment.first_date and enrollment.last_date
                )
            ) as n_outside
        from {{ ref("int_absence_day") }} as absence
        where absence.vantage = 'current'
        group by all
    ),

    months as (
        select
            district_code,
            school_year,
            count(*) as n,
            sum(days_expected) as n_days,
            sum(greatest(days_expected - days_recorded, 0)) as n_days_unrecorded,
            -- more than 5%, exactly
            count(*) filter (20 * (days_expected - days_recorded) > days_expected) as n_unrecorded
        from {{ ref("int_school_month") }}
        group by all
    ),

    summaries as (
        select district_code, school_year, sum(n_students) as n, sum(n_differing) as n_differing
        from {{ ref("stg_calpads__absence_summary_difference") }}
        group by all
    )

    {{
        quality_rows(
            "absences",
            [("attendance_outside_enrollment_share", "n_outside", "n", "days", true, true)],
        )
    }}
union all
{{
    quality_rows(
        "months",
        [
            ("unrecorded_days_share", "n_days_unrecorded", "n_days", "days", true, true),
            (
                "school_months_unrecorded_over_5_percent",
                "n_unrecorded",
                "n",
                "school months",
                false,
                true,
            ),
        ],
    )
}}
union all
{{
    quality_rows(
        "summaries",
        [("calpads_absence_difference_share", "n_differing", "n", "students", true, false)],
    )
}}
