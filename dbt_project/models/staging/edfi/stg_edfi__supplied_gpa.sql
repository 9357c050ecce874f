{#- Grade point averages of a session in the student's academic record; cumulative ones are left aside. -#}
with
    records as (
        select
            {{ raw_tail() }},
            student_unique_id as local_student_id,
            {{ edfi_school_year("school_year") }} as school_year,
            term,
            unnest(from_json(grade_point_averages, '["JSON"]')) as average
        from {{ source("raw", "edfi__academic_records") }}
        where starts_with(grade_point_averages, '[')
    ),

    averages as (
        select
            * exclude (average),
            json_extract_string(average, '$.gradePointAverageTypeDescriptor') as gpa_type,
            json_extract_string(average, '$.gradePointAverageValue') as gpa_sent
        from records
        where json_extract_string(average, '$.isCumulative') is distinct from 'true'
    ),

    gpas as (
        select
            averages.*,
            code.value as term_code,
            {{ read_decimal("averages.gpa_sent", "decimal(9, 4)") }} as gpa,
            case kind.value when 'weighted' then true when 'unweighted' then false end as is_weighted
        from
            averages
            {{ edfi_code("code", "averages", "term", "term") }}
            {{ edfi_code("kind", "averages", "gpa_type", "gpa_type") }}
    )
    {{ to_canonical("supplied_gpa", "gpas") }}
