-- One row per district and student number; birth date, gender and race stand with the person behind the
-- student.
with
    sent as (select *, {{ raw_tail() }} from {{ source("raw", "synergy__epc_stu") }}),
    joined as (
        select
            r.district_code,
            r.sis_number as local_student_id,
            {{ read_ssid("r.state_student_number") }} as ssid,
            {{ read_date("p.birth_date") }} as birth_date,
            case when upper(trim(p.gender)) in ('F', 'M', 'X') then upper(trim(p.gender)) end as gender,
            case
                when upper(trim(p.hispanic_indicator)) = 'Y'
                then true
                when upper(trim(p.hispanic_indicator)) = 'N'
                then false
            end as is_hispanic,
            {{
                read_race_codes(
                    "[p.ethnic_code_1, p.ethnic_code_2, p.ethnic_code_3, p.ethnic_code_4, p.ethnic_code_5]"
                )
            }} as race_codes,
            {{ read_integer("r.init_ninth_grade_year") }} + 1 as first_grade9_year,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "p"]) }}
        from sent as r
        left join
            {{
                reference_versions(
                    source("raw", "synergy__rev_person"),
                    ["_district_code", "person_gu"],
                    [
                        "birth_date",
                        "gender",
                        "hispanic_indicator",
                        "ethnic_code_1",
                        "ethnic_code_2",
                        "ethnic_code_3",
                        "ethnic_code_4",
                        "ethnic_code_5",
                    ],
                    unknown_before=true,
                )
            }} as p
            on r.district_code = p._district_code
            and r.student_gu = p.person_gu
            and {{ known_together("r", "p") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("student", "known") }}
