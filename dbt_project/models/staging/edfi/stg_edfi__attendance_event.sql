{#- Events of a school day, or of a section's class period (v1). A category that means plain presence makes no row;
    one without a meaning keeps its row without a category. -#}
with
    sent as (
        select
            {{ raw_tail() }},
            student_unique_id,
            school_id,
            {{ read_date("event_date") }} as calendar_date,
            category as category_sent,
            class_period as period
        from {{ source("raw", "edfi__attendance_events") }}
    ),

    events as (
        select
            sent.*,
            sent.student_unique_id as local_student_id,
            {{ edfi_school_code("school", "sent") }} as school_code,
            {{ school_year_of("sent.calendar_date") }} as school_year,
            code.value as category
        from
            sent
            {{ edfi_school_join("school", "sent") }}
            {{ edfi_code("code", "sent", "category_sent", "attendance") }}
        where code.value is distinct from 'present'
    )
    {{ to_canonical("attendance_event", "events") }}
