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
            case left(term_map.value, 1)
                when 'F'
                then 'year'
                when 'T'
                then 'trimester'
                when 'Q'
                then 'quarter'
                when 'S'
                then case when term_map.value = 'SS' then 'summer' else 'semester' end
            end as term_kind,
            {{ aeries_date("trm.sd") }} as start_date,
            {{ aeries_date("trm.ed") }} as end_date,
            {{ aeries_flag("trm.cb") }} as is_credit_bearing,
            trm._file_id as source_file_id,
            trm._row as source_row,
            {{ aeries_known("trm", ["school"]) }}
        from trm
        {{ aeries_school("trm", "trim(trm.sc)") }}
        {{ aeries_code("term_map", "term_code", "trm", "trim(trm.tc)", aeries_first_day("trm")) }}
    )

{{ to_canonical("term", "translated") }}
