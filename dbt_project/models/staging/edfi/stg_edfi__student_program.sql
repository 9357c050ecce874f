{#- Program associations, and student characteristics (EL status, parent education) with their periods, under the codes
    that the contract maps to "PROGRAM:value"; others (gifted, career education) are no program of this warehouse. -#}
with
    demographics as (
        select {{ raw_tail() }}, student_unique_id, characteristics
        from {{ source("raw", "edfi__student_demographics") }}
        union all by name
        select {{ raw_tail() }}, student_unique_id, characteristics
        from {{ source("raw", "edfi__students") }}
    ),

    characteristics as (
        select
            * exclude (characteristics),
            unnest(
                case
                    when starts_with(characteristics, '[')
                    then from_json(characteristics, '["JSON"]')
                    else [to_json(characteristics)]
                end
            ) as characteristic
        from demographics
        where characteristics is not null
    ),

    periods as (
        select
            * exclude (characteristic),
            coalesce(
                json_extract_string(characteristic, '$.studentCharacteristicDescriptor'),
                characteristic ->> '$'
            ) as code,
            unnest(
                coalesce(
                    nullif(from_json(json_extract(characteristic, '$.periods'), '["JSON"]'), []),
                    [cast('{}' as json)]
                )
            ) as period
        from characteristics
    ),

    sent as (
        select
            {{ raw_tail() }}, student_unique_id, program as code, 'program' as map_name, begin_date, end_date
        from {{ source("raw", "edfi__student_programs") }}
        union all by name
        select
            * exclude (period),
            'student_characteristic' as map_name,
            json_extract_string(period, '$.beginDate') as begin_date,
            json_extract_string(period, '$.endDate') as end_date
        from periods
    ),

    programs as (
        select
            sent.* exclude (end_date),
            sent.student_unique_id as local_student_id,
            split_part(code_map.value, ':', 1) as program,
            split_part(code_map.value, ':', 2) as value,
            {{ read_date("sent.begin_date") }} as start_date,
            {{ read_date("sent.end_date") }} as end_date
        from sent
        inner join
            {{ source("raw", "code_map") }} as code_map
            on code_map.district_code = sent.district_code
            and code_map.map_name = sent.map_name
            and code_map.code = sent.code
        where code_map.value != 'NONE'
    )
    {{ to_canonical("student_program", "programs") }}
