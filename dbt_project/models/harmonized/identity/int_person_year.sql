-- One row per person and school year with an enrollment, tonight or when groups of the year were settled:
-- the district of
-- the last one, and whether the programs of every district of the year were known.
with
    known as (
        select
            enrolled.person_id,
            enrolled.school_year,
            enrolled.district_code,
            max(enrolled.entry_date) as last_entry,
            bool_or(available.feed is not null) as are_programs_known
        from
            (
                select local.person_id, enrollment.*, group_date.known_on
                from {{ ref("canon_enrollment") }} as enrollment
                inner join
                    {{ ref("student_local") }} as local
                    on local.vantage = 'current'
                    and local.district_code = enrollment.district_code
                    and local.local_student_id = enrollment.local_student_id
                inner join
                    {{ ref("int_group_date") }} as group_date
                    on group_date.district_code = enrollment.district_code
                    and group_date.school_year = enrollment.school_year
                    and group_date.is_settled
                left join {{ ref("exit_reason") }} as reason on reason.exit_reason = enrollment.exit_reason
                where
                    {{ known_then("enrollment", "group_date.known_on") }}
                    and {{ is_enrollment("enrollment", "reason") }}
            ) as enrolled
        left join
            {{ ref("int_feed_version") }} as available
            on available.district_code = enrolled.district_code
            and available.school_year = enrolled.school_year
            and available.feed = 'programs'
            and {{ known_then("available", "enrolled.known_on") }}
        group by all
    ),

    settled as (
        select
            person_id,
            school_year,
            max_by(district_code, row(last_entry, district_code)) as district_code,
            bool_and(are_programs_known) as are_programs_known
        from known
        group by all
    ),

    tonight as (
        select
            enrollment.person_id,
            enrollment.school_year,
            max_by(
                enrollment.district_code,
                row(enrollment.is_primary, enrollment.entry_date, enrollment.district_code)
            ) as district_code,
            bool_and(coalesce(coverage.is_available, false)) as are_programs_known
        from {{ ref("enrollment") }} as enrollment
        left join
            {{ ref("feed_coverage") }} as coverage
            on coverage.vantage = enrollment.vantage
            and coverage.district_code = enrollment.district_code
            and coverage.school_year = enrollment.school_year
            and coverage.feed = 'programs'
        where enrollment.vantage = 'current'
        group by all
    )

select
    person_id,
    school_year,
    coalesce(tonight.district_code, settled.district_code) as district_code,
    coalesce(settled.are_programs_known, tonight.are_programs_known) as are_programs_known
from tonight
full outer join settled using (person_id, school_year)
