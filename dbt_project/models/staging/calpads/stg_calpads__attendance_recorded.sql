with
    days as (
        select
            {{ raw_tail() }},
            student_id as local_student_id,
            {{ calpads_cds("_district_code", "school") }} as school_code,
            {{ read_date("att_date") }} as calendar_date
        from {{ source("raw", "calpads__misis_attendance") }}
    ),

    dated as (select *, {{ school_year_of("calendar_date") }} as school_year from days)
    {{ to_canonical("attendance_recorded", "dated") }}
