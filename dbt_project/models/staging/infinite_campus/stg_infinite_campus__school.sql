-- One row per school and school year; schools excluded from state reporting are left out.
with
    sent as (
        select *, {{ read_integer("end_year") }} as school_year, {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__school") }}
        where coalesce(state_exclude, '0') <> '1'
    ),
    canonical as (
        select
            r.district_code,
            coalesce(m.value, {{ cds_code("r.district_code", "r.state_school_number") }}) as school_code,
            r.school_year,
            r.school_number as local_school_code,
            r.school_name,
            t.value as school_type,
            low.value as low_grade,
            high.value as high_grade,
            coalesce(r.accountability, '1') <> '0' as is_reporting,
            {{ read_integer("r.certificated_staff") }} as staff_count,
            r.source_file_id,
            r.source_row,
            r.known_from,
            r.known_to,
            r.is_versioned
        from
            sent as r
            {{ contract_code("m", "r", "school_number", "school_code", "make_date(r.school_year, 6, 30)") }}
            {{ contract_code("t", "r", "school_type", "school_type", "make_date(r.school_year, 6, 30)") }}
            {{ contract_code("low", "r", "low_grade", "grade_level", "make_date(r.school_year, 6, 30)") }}
            {{ contract_code("high", "r", "high_grade", "grade_level", "make_date(r.school_year, 6, 30)") }}
    )
    {{ to_canonical("school", "canonical") }}
