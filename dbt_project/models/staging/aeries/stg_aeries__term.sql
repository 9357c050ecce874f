with
    trm as (
        select *, {{ aeries_school_year("trm") }} as school_year
        from {{ source("raw", "aeries__trm") }} as trm
    ),
    translated as (
        select
            trm._district_code as district_code,
            school.school_code,
            trm.school_year,
            term_map.value as term_code,
            {{ term_kind("term_map.value") }} as term_kind,
            {{ read_date("trm.sd") }} as start_date,
            {{ read_date("trm.ed") }} as end_date,
            {{ aeries_flag("trm.cb") }} as is_credit_bearing,
            trm._file_id as source_file_id,
            trm._row as source_row,
            {{ aeries_known("trm", ["school"]) }}
        from
            trm
            {{ aeries_school("trm", "trim(trm.sc)") }}
            {{ aeries_code("term_map", "term_code", "trm", "trim(trm.tc)", aeries_first_day("trm")) }}
    )

    {{ to_canonical("term", "translated") }}
