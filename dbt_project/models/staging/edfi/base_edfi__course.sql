{#- One row per course, organization that offers it, and version: its title, state code and A-G approval. -#}
with
    versions as (
        select *
        from
            {{
                reference_versions(
                    source("raw", "edfi__courses"),
                    ["_district_code", "course_code", "org_id", "org_ref"],
                    ["title", "identification_codes", "level_characteristics"],
                    unknown_before=true,
                )
            }}
    ),

    organizations as (
        select distinct _district_code, record_id, school_id
        from {{ source("raw", "edfi__schools") }}
        where record_id is not null
    ),

    courses as (
        select
            versions._district_code as district_code,
            versions.course_code,
            coalesce(versions.org_id, organizations.school_id) as org_id,
            versions.title,
            {{
                edfi_identifier(
                    "versions.identification_codes", "courseIdentificationSystemDescriptor", "State"
                )
            }} as state_code,
            list_transform(
                {{ edfi_list("versions.level_characteristics", "$.courseLevelCharacteristicDescriptor") }},
                lambda c:level.meanings[c]
            ) as levels,
            versions.known_from,
            versions.known_to,
            versions.is_versioned
        from versions
        left join
            organizations
            on organizations._district_code = versions._district_code
            and organizations.record_id = versions.org_ref
        left join
            {{ edfi_meanings("course_level") }} as level on level.district_code = versions._district_code
    )

select
    * exclude (state_code, levels),
    case when regexp_full_match(state_code, '\d{4}') then state_code end as state_course_code,
    case
        when list_contains(levels, 'AG') then true when list_contains(levels, 'NOT_AG') then false
    end as is_ag
from courses
