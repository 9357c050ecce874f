{#- A school resource has no school year: it comes with the extract (JSON) or from the school's sessions (v1). -#}
with
    sent as (
        select
            {{ raw_tail() }},
            school_id,
            {{ edfi_school_year("school_year") }} as school_year,
            local_code,
            name,
            school_category,
            {{ edfi_list("grade_levels", "$.gradeLevelDescriptor") }} as grade_levels,
            is_reporting,
            staff_count
        from {{ source("raw", "edfi__schools") }}
    ),

    schools as (
        select
            sent.* exclude (school_year, grade_levels, is_reporting, staff_count),
            coalesce(sent.school_year, session_year.school_year) as school_year,
            {{ edfi_school_code("school", "sent") }} as school_code,
            coalesce(sent.local_code, sent.school_id) as local_school_code,
            sent.name as school_name,
            category.value as school_type,
            {#- KN before 01; the code map holds canonical grades only -#}
            list_sort(
                list_filter(
                    list_transform(sent.grade_levels, lambda g:replace(grade.meanings[g], 'KN', '00')),
                    lambda g:g is not null and g != 'TK'
                )
            ) as grades,
            {{ edfi_boolean("sent.is_reporting") }} as is_reporting,
            {{ read_integer("sent.staff_count") }} as staff_count
        from sent
        left join
            {{ edfi_school_years() }} as session_year
            on sent.school_year is null
            and session_year.district_code = sent.district_code
            and session_year.school_id = sent.school_id
        left join
            {{ edfi_meanings("grade_level") }} as grade on grade.district_code = sent.district_code
            {{ edfi_school_join("school", "sent") }}
            {{ edfi_code("category", "sent", "school_category", "school_type") }}
    ),

    graded as (
        select
            *,
            replace(grades[1], '00', 'KN') as low_grade,
            replace(grades[len(grades)], '00', 'KN') as high_grade
        from schools
    )
    {{ to_canonical("school", "graded") }}
