{#- SPRG has programs with both dates. SELA has the day on which an EL status began, and a status ends on the day before
    the next one: so its end depends on what else was known, and is worked out for each span of time in which the
    student's known statuses stayed the same. Parent education is a field of SINF, without dates. -#}
with
    programs as (
        select
            sprg._district_code as district_code,
            sprg._file_id as source_file_id,
            sprg._row as source_row,
            sprg._known_from as known_from,
            sprg._known_to as known_to,
            sprg._is_versioned as is_versioned,
            sprg.local_student_id,
            split_part(code.value, ':', 1) as program,
            split_part(code.value, ':', 2) as value,
            {{ calpads_date("sprg.program_start_date") }} as start_date,
            {{ calpads_date("sprg.program_end_date") }} as end_date
        from {{ source("raw", "calpads__sprg") }} as sprg
        inner join
            {{ source("raw", "code_map") }} as code
            on code.district_code = sprg._district_code
            and code.map_name = 'program'
            and code.code = sprg.program_code
    ),

    statuses as (
        select
            {{ raw_tail() }},
            local_student_id,
            case when el_status in ('EO', 'IFEP', 'EL', 'RFEP', 'TBD') then el_status end as value,
            {{ calpads_date("el_status_start_date") }} as start_date
        from {{ source("raw", "calpads__sela") }}
    ),

    changes as (
        select district_code, local_student_id, known_from as since
        from statuses
        union
        select district_code, local_student_id, known_to
        from statuses
        where known_to is not null
    ),

    {#- a span without end has NULL as its end, as everywhere -#}
    spans as (
        select
            district_code,
            local_student_id,
            since,
            lead(since) over (partition by district_code, local_student_id order by since) as until
        from changes
    ),

    known_statuses as (
        select
            statuses.* exclude (known_from, known_to, is_versioned),
            spans.since as known_from,
            spans.until as known_to,
            statuses.is_versioned
            or spans.since > statuses.known_from
            or spans.until is distinct from statuses.known_to as is_versioned,
            lead(statuses.start_date) over (
                partition by statuses.district_code, statuses.local_student_id, spans.since
                order by statuses.start_date, statuses.source_file_id, statuses.source_row
            ) as next_start
        from statuses
        inner join
            spans
            on spans.district_code = statuses.district_code
            and spans.local_student_id = statuses.local_student_id
            and spans.since >= statuses.known_from
            and (statuses.known_to is null or spans.since < statuses.known_to)
    ),

    el_statuses as (
        select
            * exclude (next_start),
            'EL_STATUS' as program,
            cast(next_start - interval 1 day as date) as end_date
        from known_statuses
    ),

    parents as (
        select
            {{ raw_tail() }},
            local_student_id,
            'PARENT_ED' as program,
            parent_education as value,
            cast(null as date) as start_date,
            cast(null as date) as end_date
        from {{ source("raw", "calpads__sinf") }}
        where regexp_full_match(parent_education, '1[0-5]')
    ),

    united as (
        select *
        from programs
        union all by name
        select *
        from el_statuses
        union all by name
        select *
        from parents
    )
    {{ to_canonical("student_program", "united") }}
