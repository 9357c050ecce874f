{#- Course transcripts are final marks; grades of a grading period that is a term here are progress marks.
    In v1 a transcript names student, school year and term only through the academic record it refers to. -#}
with
    records as (
        select *
        from
            {{
                reference_versions(
                    source("raw", "edfi__academic_records"),
                    ["_district_code", "record_id"],
                    ["student_unique_id", "school_id", "school_year", "term"],
                    where="record_id is not null",
                )
            }}
    ),

    transcripts as (
        select
            sent._district_code as district_code,
            sent._file_id as source_file_id,
            sent._row as source_row,
            coalesce(sent.student_unique_id, records.student_unique_id) as local_student_id,
            coalesce(sent.school_id, records.school_id) as school_id,
            coalesce(sent.school_year, records.school_year) as school_year_sent,
            coalesce(sent.term, records.term) as term,
            sent.section_id,
            sent.course_code,
            sent.course_org_id,
            sent.course_title,
            sent.grade_level_taken,
            coalesce(sent.letter_grade, sent.numeric_grade) as mark_raw,
            sent.credits_attempted,
            sent.credits_earned,
            true as is_final,
            'term' as map_name,
            {{ read_date("sent.posted_date") }} as posted_date,
            sent.external_school is not null as is_transfer,
            sent.repeat_code,
            greatest(sent._known_from, records.known_from) as known_from,
            least(sent._known_to, records.known_to) as known_to,
            sent._is_versioned or coalesce(records.is_versioned, false) as is_versioned
        from {{ source("raw", "edfi__course_transcripts") }} as sent
        left join
            records
            on records._district_code = sent._district_code
            and records.record_id = sent.academic_record_ref
            and records.known_from < coalesce(sent._known_to, date '9999-12-31')
            and sent._known_from < coalesce(records.known_to, date '9999-12-31')
    ),

    grades as (
        select
            {{ raw_tail() }},
            student_unique_id as local_student_id,
            school_id,
            school_year as school_year_sent,
            grading_period as term,
            section_id,
            course_code,
            school_id as course_org_id,
            coalesce(letter_grade, numeric_grade) as mark_raw,
            false as is_final,
            'grading_period' as map_name,
            {{ read_date("posted_date") }} as posted_date,
            grade_level_taken,
            false as is_transfer
        from {{ source("raw", "edfi__grades") }}
    ),

    sent as (
        select *
        from transcripts
        union all by name
        select *
        from grades
    ),

    joined as (
        select
            sent.* exclude (known_from, known_to, is_versioned, credits_attempted, credits_earned),
            {{ edfi_school_code("school", "sent") }} as school_code,
            {{ edfi_school_year("sent.school_year_sent") }} as school_year,
            term.value as term_code,
            grade.value as taken,
            coalesce(repeated.value = 'REPEAT', false) as is_repeat,
            coalesce(sent.course_title, course.title) as course_name,
            course.state_course_code,
            course.is_ag,
            {{ read_decimal("sent.credits_attempted", "decimal(9, 4)") }}
            * district.credit_multiplier as credits_attempted,
            {{ read_decimal("sent.credits_earned", "decimal(9, 4)") }}
            * district.credit_multiplier as credits_earned,
            {{ joint_version(["sent", "course"]) }}
        from sent
        inner join {{ source("raw", "district") }} as district on district.district_code = sent.district_code
        left join
            {{ ref("base_edfi__course") }} as course
            on course.district_code = sent.district_code
            and course.course_code = sent.course_code
            and course.org_id = sent.course_org_id
            and {{ known_together("sent", "course") }}
            {{ edfi_school_join("school", "sent") }}
        left join
            {{ source("raw", "code_map") }} as term
            on term.district_code = sent.district_code
            and term.map_name = sent.map_name
            and term.code = sent.term
            {{ edfi_code("grade", "sent", "grade_level_taken", "grade_level") }}
            {{ edfi_code("repeated", "sent", "repeat_code", "course_repeat") }}
        where sent.is_final or term.value is not null
    ),

    known as (
        select
            * exclude (section_id, grade_level_taken, taken),
            coalesce(section_id, 'T-' || course_code || '-' || term_code) as section_id,
            taken as grade_level_taken
        from joined
        where {{ was_known() }}
    ),

    marked as ({{ with_mark("known") }})
    {{ to_canonical("course_mark", "marked") }}
