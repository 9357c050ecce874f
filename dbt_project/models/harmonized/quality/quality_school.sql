-- One row per district, school year and measure about schools in which nothing was recorded all year.
with
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

    counted as (
        select
            district_code,
            school_year,
            count(*) as n,
            count(*) filter (has_no_absence) as n_no_absence,
            count(*) filter (has_no_suspension) as n_no_suspension
        from schools
        group by all
    )

    {{
        quality_rows(
            "counted",
            [
                ("schools_without_absence", "n_no_absence", "n", "schools", false, true),
                ("schools_without_suspension", "n_no_suspension", "n", "schools", false, true),
            ],
        )
    }}
