{#- SINC says what happened, SIRS what followed; result 300 (neither suspension nor expulsion) maps to no removal. -#}
with
    incidents as (
        select
            {{ raw_tail() }},
            local_student_id,
            {{ calpads_cds("reporting_lea", "school_of_attendance") }} as school_code,
            {{ calpads_school_year("academic_year") }} as school_year,
            incident_id,
            {{ calpads_date("incident_date") }} as incident_date
        from {{ source("raw", "calpads__sinc") }}
    ),

    results as (
        select
            versions._district_code as district_code,
            versions.local_student_id,
            versions.incident_id,
            versions.known_from,
            versions.known_to,
            versions.is_versioned,
            code.value as suspension_type,
            case
                when code.value is not null then {{ read_decimal("versions.duration_days", "decimal(7, 3)") }}
            end as suspension_days
        from
            {{
                reference_versions(
                    source("raw", "calpads__sirs"),
                    ["_district_code", "local_student_id", "incident_id"],
                    ["result_code", "duration_days"],
                    unknown_before=true,
                )
            }} as versions
        left join
            {{ source("raw", "code_map") }} as code
            on code.district_code = versions._district_code
            and code.map_name = 'incident_result'
            and code.code = versions.result_code
            and code.value != 'NONE'
    ),

    joined as (
        select
            incidents.* exclude (known_from, known_to, is_versioned),
            results.suspension_type,
            results.suspension_days,
            {{ joint_version(["incidents", "results"]) }}
        from incidents
        left join
            results
            on results.district_code = incidents.district_code
            and results.local_student_id = incidents.local_student_id
            and results.incident_id = incidents.incident_id
            and {{ known_together("incidents", "results") }}
    ),

    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("incident", "known") }}
