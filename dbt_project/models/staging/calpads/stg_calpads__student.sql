with
    students as (
        select
            {{ raw_tail() }},
            local_student_id,
            {{ read_ssid("ssid") }} as ssid,
            {{ calpads_date("birth_date") }} as birth_date,
            case when gender in ('F', 'M', 'X') then gender end as gender,
            {{ calpads_flag("hispanic") }} as is_hispanic,
            {{ read_race_codes("[race_1, race_2, race_3, race_4, race_5]") }} as race_codes,
            null as first_grade9_year
        from {{ source("raw", "calpads__sinf") }}
    )
    {{ to_canonical("student", "students") }}
