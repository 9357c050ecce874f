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

    latest as (
        select
            person_id,
            max(ssid) as ssid,
            max_by(birth_date, recency) filter (where birth_date is not null) as birth_date,
            max_by(gender, recency) filter (where gender is not null) as gender,
            max_by(is_hispanic, recency) filter (where has_race) as is_hispanic,
            max_by(race_codes, recency) filter (where has_race) as race_codes
        from sent
        group by all
    ),

    race_parts as (
        select
            person_id,
            count(distinct race_code.federal_race) as n_federal,
            min(race_code.ca_race) as lowest_race,
            max(race_code.ca_race) as highest_race,
            min(race_code.federal_race) as federal_race
        from {{ split_race_codes("latest") }} as latest
        inner join {{ ref("race_code") }} as race_code using (race_code)
        group by all
    ),

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
                where program = 'EL_STATUS' and start_date <= run.as_of
            ) as statuses
        group by all
    )

select
    latest.person_id,
    {{ student_key("latest.person_id", "secret.key") }} as student_key,
    latest.ssid,
    latest.birth_date,
    latest.gender,
    case
        when latest.is_hispanic
        then 'HI'
        when race_parts.n_federal > 1
        then 'MR'
        -- Filipino and another Asian race are one federal race
        when race_parts.lowest_race <> race_parts.highest_race
        then race_parts.federal_race
        else coalesce(race_parts.lowest_race, 'NR')
    end as race_ethnicity,
    el.el_status,
    first_grade9.first_grade9_year,
    first_grade9.first_grade9_source
from latest
left join race_parts using (person_id)
left join el using (person_id)
left join
    {{ ref("int_first_grade9") }} as first_grade9
    on first_grade9.vantage = 'current'
    and first_grade9.person_id = latest.person_id
cross join {{ source("raw", "student_key_secret") }} as secret
