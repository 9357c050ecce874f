{#- Positive attendance: the rows of plain presence are left out here; attendance_recorded counts them. A code without
    a meaning keeps its row, without a category: it is never silently a day of presence. -#}
with
    days as (
        select
            att._district_code as district_code,
            att._file_id as source_file_id,
            att._row as source_row,
            att._known_from as known_from,
            att._known_to as known_to,
            att._is_versioned as is_versioned,
            att.student_id as local_student_id,
            {{ calpads_cds("att._district_code", "att.school") }} as school_code,
            {{ read_date("att.att_date") }} as calendar_date,
            null as period,
            code.value as category
        from {{ source("raw", "calpads__misis_attendance") }} as att
        left join
            {{ source("raw", "code_map") }} as code
            on code.district_code = att._district_code
            and code.map_name = 'attendance'
            and code.code = att.att_code
        where code.value is distinct from 'present'
    ),

    dated as (select *, {{ school_year_of("calendar_date") }} as school_year from days)
    {{ to_canonical("attendance_event", "dated") }}
