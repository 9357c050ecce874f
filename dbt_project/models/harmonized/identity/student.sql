-- One row per person known tonight, over all districts: where they disagree, the latest value holds.
with
    last_enrollment as (
        select district_code, local_student_id, max(entry_date) as last_entry
        from {{ ref("canon_enrollment") }}
        where known_to is null
        group by all
    ),

    sent as (
        select
            local.person_id,
            student.*,
            row_number() over (
                partition by local.person_id
                order by
                    last_enrollment.last_entry nulls first,
                    student.known_from nulls first,
                    local.district_code,
                    local.local_student_id
            ) as recency
        from {{ ref("student_local") }} as local
        left join
            {{ ref("int_student") }} as student
            on student.vantage = local.vantage
            and student.district_code = local.district_code
            and student.local_student_id = local.local_student_id
        left join
            last_enrollment
            on last_enrollment.district_code = local.district_code
            and last_enrollment.local_student_id = local.local_student_id
        where local.vantage = 'current'
    ),

    latest as ({{ latest_attributes("sent", ["person_id"]) }}),

    el as (
        select person_id, max_by(value, recency) as el_status
        from
            (
                select
                    person_id,
                    value,
                    row_number() over (
                        partition by person_id order by start_date, end_date, district_code, value
                    ) as recency
                from {{ ref("int_program_span") }}
                cross join {{ source("raw", "run") }} as run
                where school_year is null and program = 'EL_STATUS' and start_date <= run.as_of
            ) as statuses
        group by all
    )

select
    latest.person_id,
    {{ student_key("latest.person_id", "secret.key") }} as student_key,
    latest.ssid,
    latest.birth_date,
    latest.gender,
    latest.race_ethnicity,
    el.el_status,
    first_grade9.first_grade9_year,
    first_grade9.first_grade9_source
from latest
left join el using (person_id)
left join
    {{ ref("int_first_grade9") }} as first_grade9
    on first_grade9.vantage = 'current'
    and first_grade9.person_id = latest.person_id
cross join {{ source("raw", "student_key_secret") }} as secret
