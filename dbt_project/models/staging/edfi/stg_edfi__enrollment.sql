{#- Status: the enrollment type; else primary or secondary as flagged; else what the contract declares for '*'. -#}
with
    sent as (
        select
            {{ raw_tail() }},
            student_unique_id,
            school_id,
            {{ edfi_school_year("school_year") }} as school_year_sent,
            {{ read_date("entry_date") }} as entry_date,
            {{ read_date("exit_date") }} as exit_date,
            entry_grade_level,
            exit_type,
            enrollment_type,
            {{ edfi_boolean("primary_school") }} as is_primary,
            '*' as any_type
        from {{ source("raw", "edfi__student_school_associations") }}
    ),

    enrollments as (
        select
            sent.*,
            sent.student_unique_id as local_student_id,
            {{ edfi_school_code("school", "sent") }} as school_code,
            coalesce(sent.school_year_sent, {{ school_year_of("sent.entry_date") }}) as school_year,
            grade.value as grade_level,
            exit.value as exit_reason,
            coalesce(
                status.value,
                case sent.is_primary when true then '10' when false then '20' end,
                case when sent.enrollment_type is null then declared.value end
            ) as enrollment_status
        from
            sent
            {{ edfi_school_join("school", "sent") }}
            {{ edfi_code("grade", "sent", "entry_grade_level", "grade_level") }}
            {{ edfi_code("exit", "sent", "exit_type", "exit_reason") }}
            {{ edfi_code("status", "sent", "enrollment_type", "enrollment_status") }}
            {{ edfi_code("declared", "sent", "any_type", "enrollment_status") }}
    )
    {{ to_canonical("enrollment", "enrollments") }}
