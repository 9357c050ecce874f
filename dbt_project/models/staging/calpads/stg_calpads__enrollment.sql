with
    enrollments as (
        select
            {{ raw_tail() }},
            local_student_id,
            {{ calpads_cds("reporting_lea", "school_of_attendance") }} as school_code,
            {{ calpads_school_year("academic_year") }} as school_year,
            case
                when regexp_full_match(grade_level, 'KN|TK|0[1-9]|1[0-2]') then grade_level
            end as grade_level,
            {{ calpads_date("enrollment_start_date") }} as entry_date,
            {{ calpads_date("enrollment_exit_date") }} as exit_date,
            exit_reason,
            enrollment_status
        from {{ source("raw", "calpads__senr") }}
    )
    {{ to_canonical("enrollment", "enrollments") }}
