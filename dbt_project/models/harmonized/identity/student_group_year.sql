-- One row per person, school year and group, as known tonight until the year's end is frozen, and as known
-- then
-- ever after. A pair (X and NOT_X) has no row where it is unknown.
with
    years as (
        select *, make_date(school_year - 1, 7, 1) as start_date, make_date(school_year, 6, 30) as end_date
        from {{ ref("int_person_year") }}
    ),

    attributes as (
        select
            years.*,
            case when then_known.person_id is null then student.gender else then_known.gender end as gender,
            case
                when then_known.person_id is null then student.race_ethnicity else then_known.race_ethnicity
            end as race_ethnicity
        from years
        inner join {{ ref("student") }} as student using (person_id)
        left join {{ ref("int_student_year") }} as then_known using (person_id, school_year)
    ),

    members as (select * from {{ ref("int_program_year") }}),

    -- TBD counts as neither EL nor not EL
    not_el as (
        select person_id, school_year
        from members
        where group_type = 'language' and group_code in ('KNOWN_STATUS', 'EL')
        group by all
        having not bool_or(group_code = 'EL')
    ),

    grouped as (
        select
            person_id,
            school_year,
            'race_ethnicity' as group_type,
            race_ethnicity as group_code,
            start_date,
            end_date
        from attributes
        union all
        select person_id, school_year, 'gender', gender, start_date, end_date
        from attributes
        where gender is not null
        union all
        select person_id, school_year, group_type, group_code, start_date, end_date
        from members
        where
            group_code <> 'KNOWN_STATUS'
            and not (
                group_code = 'TBD'
                and exists (
                    select 1
                    from members as known
                    where
                        known.person_id = members.person_id
                        and known.school_year = members.school_year
                        and known.group_code = 'KNOWN_STATUS'
                )
            )
        union all
        select years.person_id, years.school_year, 'language', 'NOT_EL', years.start_date, years.end_date
        from years
        inner join not_el using (person_id, school_year)
        union all
        select
            years.person_id,
            years.school_year,
            'program',
            'NOT_' || codes.code,
            years.start_date,
            years.end_date
        from years
        cross join (values ('SED'), ('SWD'), ('FOSTER'), ('HOMELESS')) as codes(code)
        where
            years.are_programs_known
            and not exists (
                select 1
                from members
                where
                    members.person_id = years.person_id
                    and members.school_year = years.school_year
                    and members.group_code = codes.code
            )
    )

select
    grouped.person_id,
    grouped.school_year,
    grouped.group_type,
    grouped.group_code,
    years.district_code,
    grouped.start_date,
    grouped.end_date
from grouped
inner join years using (person_id, school_year)
