{#- One row per student, incident and removal; an incident from which no removal followed has one row without.
    Associations, incidents and actions are sent apart, so what followed is worked out for each span of time in which
    nothing known of the student's incident changed. -#}
with
    associations as (
        select
            sent._district_code as district_code,
            sent._file_id as source_file_id,
            sent._row as source_row,
            sent._known_from as known_from,
            sent._known_to as known_to,
            sent._is_versioned as is_versioned,
            sent.student_unique_id as local_student_id,
            coalesce(sent.incident_id, referred.incident_id) as incident_id,
            coalesce(sent.school_id, referred.school_id) as school_id
        from {{ source("raw", "edfi__student_incidents") }} as sent
        left join
            (
                select distinct _district_code, record_id, incident_id, school_id
                from {{ source("raw", "edfi__discipline_incidents") }}
            ) as referred
            on referred._district_code = sent._district_code
            and referred.record_id = sent.incident_ref
    ),

    base as (
        select
            associations.* exclude (known_from, known_to, is_versioned),
            {{ read_date("incident.incident_date") }} as incident_date,
            {{ joint_version(["associations", "incident"]) }}
        from associations
        left join
            {{
                reference_versions(
                    source("raw", "edfi__discipline_incidents"),
                    ["_district_code", "incident_id", "school_id"],
                    ["incident_date"],
                    unknown_before=true,
                )
            }} as incident
            on incident._district_code = associations.district_code
            and incident.incident_id = associations.incident_id
            and incident.school_id = associations.school_id
            and {{ known_together("associations", "incident") }}
    ),

    known_base as (select * from base where {{ was_known() }}),

    actions as (
        select
            {{ raw_tail() }},
            student_unique_id as local_student_id,
            unnest(
                {{
                    edfi_list(
                        "incidents", "$.studentDisciplineIncidentAssociationReference.incidentIdentifier"
                    )
                }}
            ) as incident_id,
            school_id,
            {{ edfi_list("disciplines", "$.disciplineDescriptor") }} as disciplines,
            coalesce(actual_length, length) as days
        from {{ source("raw", "edfi__discipline_actions") }}
    ),

    removals as (
        select
            actions.*,
            list_filter(
                list_transform(actions.disciplines, lambda d:meaning.meanings[d]),
                lambda t:t in ('ISS', 'OSS', 'EXP')
            )[1] as suspension_type
        from actions
        inner join
            {{ edfi_meanings("discipline") }} as meaning on meaning.district_code = actions.district_code
        where suspension_type is not null
    ),

    changes as (
        select district_code, local_student_id, incident_id, unnest([known_from, known_to]) as since
        from known_base
        union
        select district_code, local_student_id, incident_id, unnest([known_from, known_to])
        from removals
    ),

    spans as (
        select
            *,
            lead(since) over (
                partition by district_code, local_student_id, incident_id order by since
            ) as until
        from changes
        where since is not null
    ),

    incidents as (
        select
            known_base.* exclude (source_file_id, source_row, known_from, known_to, is_versioned),
            coalesce(removals.source_file_id, known_base.source_file_id) as source_file_id,
            coalesce(removals.source_row, known_base.source_row) as source_row,
            spans.since as known_from,
            spans.until as known_to,
            known_base.is_versioned
            or coalesce(removals.is_versioned, false)
            or spans.since > known_base.known_from
            or spans.until is distinct from known_base.known_to as is_versioned,
            {{ edfi_school_code("school", "known_base") }} as school_code,
            {{ school_year_of("known_base.incident_date") }} as school_year,
            removals.suspension_type,
            {{ read_decimal("removals.days", "decimal(7, 3)") }} as suspension_days
        from known_base
        inner join
            spans
            on spans.district_code = known_base.district_code
            and spans.local_student_id = known_base.local_student_id
            and spans.incident_id = known_base.incident_id
            and spans.since >= known_base.known_from
            and (known_base.known_to is null or spans.since < known_base.known_to)
        left join
            removals
            on removals.district_code = known_base.district_code
            and removals.local_student_id = known_base.local_student_id
            and removals.incident_id = known_base.incident_id
            and removals.school_id = known_base.school_id
            and removals.known_from <= spans.since
            and (removals.known_to is null or removals.known_to > spans.since)
            {{ edfi_school_join("school", "known_base") }}
    )
    {{ to_canonical("incident", "incidents") }}
