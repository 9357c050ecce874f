{#- Sessions are the terms for which credit is given; grading periods lie inside them. -#}
with
    sent as (
        select
            {{ raw_tail() }},
            school_id,
            school_year,
            term,
            'term' as map_name,
            begin_date,
            end_date,
            true as is_credit_bearing
        from {{ source("raw", "edfi__sessions") }}
        union all by name
        select
            {{ raw_tail() }},
            school_id,
            school_year,
            grading_period as term,
            'grading_period' as map_name,
            begin_date,
            end_date,
            false as is_credit_bearing
        from {{ source("raw", "edfi__grading_periods") }}
    ),

    terms as (
        select
            sent.* exclude (school_year, end_date),
            {{ edfi_school_code("school", "sent") }} as school_code,
            {{ edfi_school_year("sent.school_year") }} as school_year,
            code.value as term_code,
            {{ term_kind("code.value") }} as term_kind,
            {{ read_date("sent.begin_date") }} as start_date,
            {{ read_date("sent.end_date") }} as end_date
        from sent {{ edfi_school_join("school", "sent") }}
        left join
            {{ source("raw", "code_map") }} as code
            on code.district_code = sent.district_code
            and code.map_name = sent.map_name
            and code.code = sent.term
        -- a six-weeks period is no term of this warehouse: its contract has no code for it
        where sent.is_credit_bearing or code.value is not null
    )
    {{ to_canonical("term", "terms") }}
