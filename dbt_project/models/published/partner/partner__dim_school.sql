-- One row per school that any district reports or any student row refers to, as last reported.
with
    reported as (
        select
            *,
            min(school_year) over (partition by school_code) as first_school_year,
            max(school_year) over (partition by school_code) as last_school_year
        from {{ ref("canon_school") }}
        where known_to is null and school_code is not null
        qualify
            row_number() over (
                partition by school_code order by school_year desc, district_code, source_file_id, source_row
            )
            = 1
    ),

    referred as (
        select school_code, min(district_code) as district_code
        from
            (
                select school_code, district_code
                from {{ ref("enrollment") }}
                where vantage = 'current'
                union all
                select school_code, district_code
                from {{ ref("student_snapshot") }}
                where school_code is not null
            )
        group by school_code
    )

select
    school_code,
    district_code,
    school_name,
    school_type,
    low_grade,
    high_grade,
    coalesce(is_reporting, true) as is_reporting,
    first_school_year,
    last_school_year
from reported
union all
select school_code, district_code, 'Not in the school directory', null, null, null, false, null, null
from referred
anti join reported using (school_code)
