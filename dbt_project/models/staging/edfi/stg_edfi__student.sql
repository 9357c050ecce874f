{#- Demographics stand in the student resource (v1) or in its association with the district (v3 and later). -#}
with
    sent as (
        select {{ raw_tail() }}, student_unique_id, birth_date, sex, hispanic, races
        from {{ source("raw", "edfi__students") }}
    ),

    joined as (
        select
            sent.* exclude (known_from, known_to, is_versioned, sex, hispanic, races),
            coalesce(demographics.sex, sent.sex) as sex,
            coalesce(demographics.hispanic, sent.hispanic) as hispanic,
            coalesce(demographics.races, sent.races) as races,
            demographics.identification_codes,
            demographics.cohort_years,
            {{ joint_version(["sent", "demographics"]) }}
        from sent
        left join
            {{
                reference_versions(
                    source("raw", "edfi__student_demographics"),
                    ["_district_code", "student_unique_id"],
                    ["sex", "hispanic", "races", "identification_codes", "cohort_years"],
                    unknown_before=true,
                )
            }} as demographics
            on demographics._district_code = sent.district_code
            and demographics.student_unique_id = sent.student_unique_id
            and {{ known_together("sent", "demographics") }}
    ),

    known as (
        select
            *,
            {{ edfi_identifier("identification_codes", "studentIdentificationSystemDescriptor", "State") }}
            as state_id,
            {{ edfi_list("races", "$.raceDescriptor") }} as race_list,
            {#- the year in which grade 9 was first entered -#}
            list_filter(
                from_json(cohort_years, '["JSON"]'),
                lambda x:regexp_extract(json_extract_string(x, '$.cohortYearTypeDescriptor'), '[^#]*$')
                = 'Ninth grade'
            )[1] as ninth_grade
        from joined
        where {{ was_known() }}
    ),

    students as (
        select
            known.* exclude (birth_date),
            known.student_unique_id as local_student_id,
            {#- a unique id that the contract declares to be a statewide one gets the declared digits in front -#}
            {{ read_ssid("coalesce(known.state_id, form.value || known.student_unique_id)") }} as ssid,
            {{ read_date("known.birth_date") }} as birth_date,
            gender.value as gender,
            {{ edfi_boolean("known.hispanic") }} as is_hispanic,
            {{ read_race_codes("list_transform(known.race_list, lambda r : race.meanings[r])") }}
            as race_codes,
            {{
                read_integer(
                    "json_extract_string(known.ninth_grade, '$.schoolYearTypeReference.schoolYear')"
                )
            }} as first_grade9_year
        from known
        left join {{ edfi_meanings("race") }} as race on race.district_code = known.district_code
        left join
            {{ source("raw", "code_map") }} as form
            on form.district_code = known.district_code
            and form.map_name = 'ssid_form'
            and form.code = cast(length(known.student_unique_id) as varchar)
            {{ edfi_code("gender", "known", "sex", "gender") }}
    )
    {{ to_canonical("student", "students") }}
