-- One row per person, school year, progress period and in-year mark other than W: what it counts as. A mark
-- without credits weighs one semester course; nothing is repeated and nothing earned within a period, and an
-- incomplete is still to come.
with
    district_subject as ({{ district_subjects(ref("int_progress_period")) }}),

    sent as (
        select
            local.person_id,
            period.period,
            mark.* replace (
                -- without a section, course and term name it
                coalesce(
                    mark.section_id,
                    'T-' || coalesce(
                        mark.course_code,
                        mark.state_course_code,
                        mark.course_name,
                        mark.source_file_id || '.' || mark.source_row
                    )
                    || '-'
                    || mark.term_code
                ) as section_id
            )
        from {{ ref("canon_course_mark") }} as mark
        inner join {{ ref("int_progress_period") }} as period using (district_code, school_year, term_code)
        inner join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = mark.district_code
            and local.local_student_id = mark.local_student_id
        semi join
            {{ ref("int_progress_person") }} as person
            on person.person_id = local.person_id
            and person.school_year = mark.school_year
            and person.period = period.period
        where mark.known_to is null and not mark.is_final
    ),

    one_each as (
        select *
        from sent
        qualify
            row_number() over (
                partition by person_id, school_year, school_code, section_id, term_code
                order by
                    posted_date desc nulls last, known_from desc, source_file_id, source_row, local_student_id
            )
            = 1
    ),

    -- one course at two schools is one mark, the later posted; two sections at one school are two
    with_school as (
        select
            *,
            first_value(school_code) over (
                partition by person_id, school_year, period, state_course_code
                order by school_code is null, posted_date desc nulls last, school_code, section_id
            ) as kept_school
        from one_each
    )

select
    mark.person_id,
    mark.school_year,
    mark.period,
    mark.school_code,
    mark.section_id,
    mark.term_code,
    mark.course_name,
    coalesce(state_subject.subject_area, district_subject.subject_area) as subject_area,
    coalesce(subject.is_core, false) as is_core,
    rule.letter,
    rule.points_collapse,
    rule.points_keep,
    weight.attempted_x3,
    coalesce(rule.is_incomplete, false) as is_pending,
    coalesce(rule.is_graded, false) and weight.attempted_x3 > 0 as counts_in_gpa,
    weight.attempted_x3 > 0
    and coalesce(rule.is_f or (rule.is_np and coalesce(district.np_as_f, true)), false) as counts_as_f,
    weight.attempted_x3 > 0 and coalesce(rule.is_low, false) as counts_as_low
from with_school as mark
cross join
    lateral(
        select
            coalesce(
                {{ credit_thirds("mark.credits_attempted") }}, cast(15 as decimal(18, 4))
            ) as attempted_x3
    ) as weight
left join {{ ref("mark_rule") }} as rule on rule.mark = mark.mark
left join
    {{ ref("state_course_subject") }} as state_subject
    on state_subject.state_course_code = mark.state_course_code
left join
    district_subject
    on district_subject.district_code = mark.district_code
    and district_subject.school_year = mark.school_year
    and district_subject.course_code = mark.course_code
left join
    {{ ref("subject_area") }} as subject
    on subject.subject_area = coalesce(state_subject.subject_area, district_subject.subject_area)
left join {{ source("raw", "district") }} as district on district.district_code = mark.district_code
where
    coalesce(rule.is_attempted, true)
    -- a mark without a known school is at no other one
    and (mark.state_course_code is null or mark.school_code is null or mark.kept_school = mark.school_code)
