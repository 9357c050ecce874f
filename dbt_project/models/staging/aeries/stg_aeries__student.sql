with
    translated as (
        select
            stu._district_code as district_code,
            trim(stu.id) as local_student_id,
            case when regexp_full_match(trim(stu.cid), '\d{10}') then trim(stu.cid) end as ssid,
            {{ aeries_date("stu.bd") }} as birth_date,
            case when upper(trim(stu.gn)) in ('F', 'M', 'X') then upper(trim(stu.gn)) end as gender,
            {{ aeries_flag("stu.eth") }} as is_hispanic,
            {{ aeries_race_codes("stu") }} as race_codes,
            -- As in ENR.YR, the year is named by its autumn.
            {{ aeries_integer("stu.ngy") }} + 1 as first_grade9_year,
            stu._file_id as source_file_id,
            stu._row as source_row,
            stu._known_from as known_from,
            stu._known_to as known_to,
            stu._is_versioned as is_versioned
        from {{ source("raw", "aeries__stu") }} as stu
    )

{{ to_canonical("student", "translated") }}
