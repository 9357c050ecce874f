with
    schools as (
        select
            {{ raw_tail() }},
            case when regexp_full_match(cds_code, '\d{14}') then cds_code end as school_code,
            {{ read_integer("school_year") }} as school_year,
            location_code as local_school_code,
            school_name,
            school_type,
            low_grade,
            high_grade,
            {{ calpads_flag("reporting") }} as is_reporting,
            {{ read_integer("cert_staff") }} as staff_count
        from {{ source("raw", "calpads__misis_schools") }}
    )
    {{ to_canonical("school", "schools") }}
