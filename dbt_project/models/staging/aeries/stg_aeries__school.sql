with
    loc as (
        select *, {{ aeries_school_year("loc") }} as school_year
        from {{ source("raw", "aeries__loc") }} as loc
    ),
    translated as (
        select
            loc._district_code as district_code,
            {{ aeries_cds("loc") }} as school_code,
            loc.school_year,
            trim(loc.cd) as local_school_code,
            loc.nm as school_name,
            type_map.value as school_type,
            low_map.value as low_grade,
            high_map.value as high_grade,
            {{ aeries_flag("loc.rp") }} as is_reporting,
            {{ read_integer("loc.sf") }} as staff_count,
            loc._file_id as source_file_id,
            loc._row as source_row,
            loc._known_from as known_from,
            loc._known_to as known_to,
            loc._is_versioned as is_versioned
        from
            loc
            {{ aeries_code("type_map", "school_type", "loc", "trim(loc.ty)", aeries_first_day("loc")) }}
            {{ aeries_code("low_map", "grade_level", "loc", "trim(loc.lg)", aeries_first_day("loc")) }}
            {{ aeries_code("high_map", "grade_level", "loc", "trim(loc.hg)", aeries_first_day("loc")) }}
    )

    {{ to_canonical("school", "translated") }}
