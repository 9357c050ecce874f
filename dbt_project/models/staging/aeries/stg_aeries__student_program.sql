-- Programs stand in four tables of the product: PGM (foster, homeless, migrant), FRE (meals), CSE (special
-- education) and
-- LAC (language acquisition); the parents' education is a column of STU and has no dates.
with
    sent as (
        select
            'program' as map_name,
            trim(cd) as code,
            {{ read_date("psd") }} as start_date,
            {{ read_date("ped") }} as end_date,
            _district_code,
            id,
            _file_id,
            _row,
            _known_from,
            _known_to,
            _is_versioned
        from {{ source("raw", "aeries__pgm") }}
        union all
        select
            'meal' as map_name,
            trim(cd) as code,
            {{ read_date("esd") }} as start_date,
            {{ read_date("eed") }} as end_date,
            _district_code,
            id,
            _file_id,
            _row,
            _known_from,
            _known_to,
            _is_versioned
        from {{ source("raw", "aeries__fre") }}
        union all
        select
            'special_education' as map_name,
            'CSE' as code,
            {{ read_date("ed") }} as start_date,
            {{ read_date("xd") }} as end_date,
            _district_code,
            id,
            _file_id,
            _row,
            _known_from,
            _known_to,
            _is_versioned
        from {{ source("raw", "aeries__cse") }}
        union all
        select
            'el_status' as map_name,
            trim(lf) as code,
            {{ read_date("sd") }} as start_date,
            {{ read_date("ed") }} as end_date,
            _district_code,
            id,
            _file_id,
            _row,
            _known_from,
            _known_to,
            _is_versioned
        from {{ source("raw", "aeries__lac") }}
        union all
        select
            'parent_education' as map_name,
            trim(ped) as code,
            null as start_date,
            null as end_date,
            _district_code,
            id,
            _file_id,
            _row,
            _known_from,
            _known_to,
            _is_versioned
        from {{ source("raw", "aeries__stu") }}
        where trim(ped) <> ''
    ),
    translated as (
        select
            sent._district_code as district_code,
            trim(sent.id) as local_student_id,
            case
                sent.map_name
                when 'program'
                then program_map.value
                when 'meal'
                then 'MEALS'
                when 'special_education'
                then 'SWD'
                when 'el_status'
                then 'EL_STATUS'
                when 'parent_education'
                then 'PARENT_ED'
            end as program,
            case
                sent.map_name
                when 'meal'
                then meal_map.value
                when 'el_status'
                then el_map.value
                when 'parent_education'
                -- The state's own codes.
                then case when regexp_full_match(sent.code, '1[0-5]') then sent.code end
                else 'Y'
            end as value,
            sent.start_date,
            sent.end_date,
            sent._file_id as source_file_id,
            sent._row as source_row,
            sent._known_from as known_from,
            sent._known_to as known_to,
            sent._is_versioned as is_versioned
        from
            sent
            {{ aeries_code("program_map", "program", "sent", "sent.code", "sent.start_date") }}
            and sent.map_name = 'program'
            {{ aeries_code("meal_map", "meal", "sent", "sent.code", "sent.start_date") }}
            and sent.map_name = 'meal'
            {{ aeries_code("el_map", "el_status", "sent", "sent.code", "sent.start_date") }}
            and sent.map_name = 'el_status'
    )

    {{ to_canonical("student_program", "translated") }}
