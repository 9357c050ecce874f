-- One row per person and school year of those for whom districts ever sent more than one race or gender, or
-- sent one later
-- than another district: both as known on the date of int_group_date. For everybody else they are those of
-- `student`.
with
    records as (
        select local.person_id, student.*
        from {{ ref("canon_student") }} as student
        inner join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = student.district_code
            and local.local_student_id = student.local_student_id
    ),

    varied as (
        select person_id
        from records
        group by person_id
        having
            count(distinct coalesce(gender, '-')) > 1
            or count(distinct coalesce(cast(is_hispanic as varchar), '-') || ' ' || coalesce(race_codes, '-'))
            > 1
    ),

    known as (
        select
            year.school_year,
            records.*,
            group_date.known_on,
            {{ known_then("records", "group_date.known_on") }} as is_in_force
        from records
        semi join varied on varied.person_id = records.person_id
        inner join {{ ref("int_person_year") }} as year on year.person_id = records.person_id
        inner join
            {{ ref("int_group_date") }} as group_date
            on group_date.school_year = year.school_year
            and group_date.district_code = records.district_code
        where records.known_from <= group_date.known_on
    ),

    ordered as (
        select
            *,
            row_number() over (
                partition by person_id, school_year, district_code, local_student_id
                order by is_in_force, known_from, source_file_id, source_row
            ) as version_number
        from known
    ),

    latest as (
        select
            person_id,
            school_year,
            district_code,
            local_student_id,
            max(known_on) as known_on,
            {{ latest_of_versions() }},
            max(known_from) as known_from
        from ordered
        group by all
    ),

    last_enrollment as (
        select
            latest.school_year,
            latest.district_code,
            latest.local_student_id,
            max(enrollment.entry_date) as last_entry
        from latest
        inner join
            {{ ref("canon_enrollment") }} as enrollment
            on enrollment.district_code = latest.district_code
            and enrollment.local_student_id = latest.local_student_id
            and {{ known_then("enrollment", "latest.known_on") }}
        group by all
    ),

    sent as (
        select
            latest.*,
            cast(null as varchar) as ssid,
            cast(null as date) as birth_date,
            row_number() over (
                partition by latest.person_id, latest.school_year
                order by
                    last_enrollment.last_entry nulls first,
                    latest.known_from nulls first,
                    latest.district_code,
                    latest.local_student_id
            ) as recency
        from latest
        left join last_enrollment using (school_year, district_code, local_student_id)
    )

select person_id, school_year, gender, race_ethnicity
from ({{ latest_attributes("sent", ["person_id", "school_year"]) }}) as attributes
