with
    enr as (
        select *, {{ aeries_year("enr.yr") }} as school_year, {{ read_date("enr.ed") }} as entry_date
        from {{ source("raw", "aeries__enr") }} as enr
    ),
    translated as (
        select
            enr._district_code as district_code,
            trim(enr.id) as local_student_id,
            school.school_code,
            enr.school_year,
            grade_map.value as grade_level,
            enr.entry_date,
            {{ read_date("enr.ld") }} as exit_date,
            -- Aeries keeps the state's exit reasons as they are.
            case
                when regexp_full_match(upper(trim(enr.er)), '[A-Z]\d{3}') then upper(trim(enr.er))
            end as exit_reason,
            status_map.value as enrollment_status,
            enr._file_id as source_file_id,
            enr._row as source_row,
            {{ aeries_known("enr", ["school"]) }}
        from
            enr
            {{ aeries_school("enr", "trim(enr.sc)") }}
            {{ aeries_code("grade_map", "grade_level", "enr", "trim(enr.gr)", aeries_first_day("enr")) }}
            {{
                aeries_code(
                    "status_map", "enrollment_status", "enr", "trim(enr.sp)", aeries_first_day("enr")
                )
            }}
    )

    {{ to_canonical("enrollment", "translated") }}
