{#- SCSC holds final marks for credit only; what the course is, stands in CRSC under the same section and term.
    Neither has a date of posting, a repeat tag, the grade in which it was taken or marks earned elsewhere. -#}
with
    marks as (
        select
            {{ raw_tail() }},
            local_student_id,
            {{ calpads_cds("reporting_lea", "school_of_course_delivery") }} as school_code,
            {{ calpads_school_year("academic_year") }} as school_year,
            academic_year,
            case when {{ term_kind("term_code") }} is not null then term_code end as term_code,
            coalesce(section_id, 'T-' || course_code || '-' || term_code) as section_id,
            course_code,
            final_grade as mark_raw,
            {{ read_decimal("credits_attempted", "decimal(9, 4)") }} as credits_attempted,
            {{ read_decimal("credits_earned", "decimal(9, 4)") }} as credits_earned
        from {{ source("raw", "calpads__scsc") }}
    ),

    sections as (
        select
            _district_code as district_code,
            {{ calpads_cds("reporting_lea", "school_of_course_delivery") }} as school_code,
            academic_year,
            course_code,
            coalesce(section_id, 'T-' || course_code || '-' || term_code) as section_id,
            term_code,
            case
                when regexp_full_match(state_course_code, '\d{4}') then state_course_code
            end as state_course_code,
            course_name,
            {{ calpads_flag("uc_csu_approved") }} as is_ag,
            known_from,
            known_to,
            is_versioned
        from
            {{
                reference_versions(
                    source("raw", "calpads__crsc"),
                    [
                        "_district_code",
                        "reporting_lea",
                        "school_of_course_delivery",
                        "academic_year",
                        "course_code",
                        "section_id",
                        "term_code",
                    ],
                    ["state_course_code", "course_name", "uc_csu_approved"],
                    unknown_before=true,
                )
            }}
    ),

    joined as (
        select
            marks.* exclude (known_from, known_to, is_versioned),
            sections.state_course_code,
            sections.course_name,
            sections.is_ag,
            {{ joint_version(["marks", "sections"]) }}
        from marks
        left join
            sections
            on sections.district_code = marks.district_code
            and sections.school_code = marks.school_code
            and sections.academic_year = marks.academic_year
            and sections.course_code = marks.course_code
            and sections.section_id = marks.section_id
            and sections.term_code = marks.term_code
            and {{ known_together("marks", "sections") }}
    ),

    known as (
        select
            joined.* exclude (credits_attempted, credits_earned),
            joined.credits_attempted * district.credit_multiplier as credits_attempted,
            joined.credits_earned * district.credit_multiplier as credits_earned,
            null as grade_level_taken,
            true as is_final,
            cast(null as date) as posted_date,
            false as is_transfer,
            false as is_repeat
        from joined
        inner join
            {{ source("raw", "district") }} as district on district.district_code = joined.district_code
        where {{ was_known() }}
    ),

    marked as ({{ with_mark("known") }})
    {{ to_canonical("course_mark", "marked") }}
