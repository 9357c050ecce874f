with
    terms as (
        select
            {{ raw_tail() }},
            case when regexp_full_match(cds_code, '\d{14}') then cds_code end as school_code,
            {{ read_integer("school_year") }} as school_year,
            term as term_code,
            {{ term_kind("term") }} as term_kind,
            {{ read_date("begin_date") }} as start_date,
            {{ read_date("end_date") }} as end_date,
            {{ calpads_flag("credit") }} as is_credit_bearing
        from {{ source("raw", "calpads__misis_terms") }}
    )
    {{ to_canonical("term", "terms") }}
