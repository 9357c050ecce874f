-- What the course catalog of a school year says about a course number.
with
    courses as (
        select
            crs._district_code as district_code,
            {{ aeries_school_year("crs") }} as school_year,
            trim(crs.cn) as course_code,
            case when regexp_full_match(crs.s3, '\d{4}') then crs.s3 end as state_course_code,
            crs.co as course_name,
            {{ aeries_flag("crs.ag") }} as is_ag,
            crs._known_from,
            crs._file_id,
            crs._row
        from {{ source("raw", "aeries__crs") }} as crs
    )

select *
from
    {{
        aeries_spans(
            "courses",
            ["district_code", "school_year", "course_code"],
            ["state_course_code", "course_name", "is_ag"],
        )
    }}
