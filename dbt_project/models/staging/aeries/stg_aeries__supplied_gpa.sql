with
    gpa as (
        select *, {{ aeries_year("gpa.sy") }} as school_year from {{ source("raw", "aeries__gpa") }} as gpa
    ),
    translated as (
        select
            gpa._district_code as district_code,
            trim(gpa.id) as local_student_id,
            gpa.school_year,
            term_map.value as term_code,
            {{ read_decimal("gpa.gp", "decimal(9, 4)") }} as gpa,
            case upper(trim(gpa.ty)) when 'W' then true when 'N' then false end as is_weighted,
            gpa._file_id as source_file_id,
            gpa._row as source_row,
            gpa._known_from as known_from,
            gpa._known_to as known_to,
            gpa._is_versioned as is_versioned
        from gpa {{ aeries_code("term_map", "term_code", "gpa", "trim(gpa.te)", aeries_first_day("gpa")) }}
    )

    {{ to_canonical("supplied_gpa", "translated") }}
