-- One row per district and student number, from the identity row that counts.
with
    sent as (
        select *, {{ read_date("entered_grade9") }} as entered_on, {{ raw_tail() }}
        from {{ ref("base_infinite_campus__identity") }}
    ),
    canonical as (
        select
            district_code,
            student_number as local_student_id,
            {{ read_ssid("state_id") }} as ssid,
            {{ read_date("birth_date") }} as birth_date,
            case when upper(trim(gender)) in ('F', 'M', 'X') then upper(trim(gender)) end as gender,
            case upper(trim(hispanic)) when 'Y' then true when 'N' then false end as is_hispanic,
            {{ read_race_codes("string_split(race_codes, ',')") }} as race_codes,
            year(entered_on) + case when month(entered_on) >= 7 then 1 else 0 end as first_grade9_year,
            source_file_id,
            source_row,
            known_from,
            known_to,
            is_versioned
        from sent
    )
    {{ to_canonical("student", "canonical") }}
