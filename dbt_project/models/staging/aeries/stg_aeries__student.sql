with
    translated as (
        select
            stu._district_code as district_code,
            trim(stu.id) as local_student_id,
            {{ read_ssid("stu.cid") }} as ssid,
            {{ read_date("stu.bd") }} as birth_date,
            case when upper(trim(stu.gn)) in ('F', 'M', 'X') then upper(trim(stu.gn)) end as gender,
            {{ aeries_flag("stu.eth") }} as is_hispanic,
            {{ read_race_codes("[stu.rc1, stu.rc2, stu.rc3, stu.rc4, stu.rc5]") }} as race_codes,
            -- As in ENR.YR, the year is named by its autumn.
            {{ aeries_year("stu.ngy") }} as first_grade9_year,
            stu._file_id as source_file_id,
            stu._row as source_row,
            stu._known_from as known_from,
            stu._known_to as known_to,
            stu._is_versioned as is_versioned
        from {{ source("raw", "aeries__stu") }} as stu
    )

    {{ to_canonical("student", "translated") }}
