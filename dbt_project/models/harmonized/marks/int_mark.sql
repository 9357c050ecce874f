-- One row per vantage, person, school, school year, section and term: final marks with credits in thirds,
-- after the same
-- course-term at two schools is resolved. A freeze looks only at people in grade 8 or higher of its year.
with
    people as (
        select distinct enrollment.vantage, enrollment.person_id
        from {{ ref("int_enrollment") }} as enrollment
        inner join
            (
                select distinct vantage, school_year
                from {{ ref("int_vantage") }}
                where vantage_kind = 'freeze'
            ) as frozen using (vantage, school_year)
        where enrollment.grade_number >= 8
    ),

    enrolled_grade as (
        select vantage, person_id, school_year, max_by(grade_level, entry_date) as grade_level
        from
            (
                select vantage, person_id, school_year, entry_date, max(grade_level) as grade_level
                from {{ ref("int_enrollment") }}
                group by all
            ) as grades
        group by all
    ),

    district_terms as (
        select
            vantage,
            district_code,
            school_year,
            term_code,
            min(start_date) as start_date,
            max(end_date) as end_date
        from {{ ref("int_school_term") }}
        group by all
    ),

    district_subject as ({{ district_subjects(ref("canon_course_mark")) }}),

    sent as (
        select
            mark.* exclude (is_transfer, is_repeat) replace (
                -- without a section, course and term name it; without a course too, no two marks are one
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
            ),
            coalesce(mark.is_transfer, false) as is_transfer,
            coalesce(mark.is_repeat, false) as is_repeat,
            local.person_id,
            coalesce(mark.grade_level_taken, enrolled_grade.grade_level) as grade_taken,
            {{ credit_thirds("mark.credits_attempted") }} as sent_attempted_x3,
            {{ credit_thirds("mark.credits_earned") }} as sent_earned_x3
        from ({{ visible("course_mark", known_on="known_on") }}) as mark
        inner join {{ ref("student_local") }} as local using (vantage, district_code, local_student_id)
        left join people on people.vantage = mark.vantage and people.person_id = local.person_id
        left join
            enrolled_grade
            on enrolled_grade.vantage = mark.vantage
            and enrolled_grade.person_id = local.person_id
            and enrolled_grade.school_year = mark.school_year
        where
            mark.is_final
            and mark.term_code is not null
            and (mark.vantage = 'current' or people.person_id is not null)
    ),

    with_credits as (
        select
            sent.*,
            grade.grade_number as grade_number_taken,
            rule.earns_credit,
            coalesce(rule.keeps_credit, true) as keeps_credit,
            term_rule.term_kind as usual_kind,
            coalesce(
                sent.sent_attempted_x3,
                case when grade.grade_number <= 8 then cast(term_rule.imputed_thirds as decimal(18, 4)) end
            ) as attempted_x3,
            sent.sent_attempted_x3 is null and grade.grade_number <= 8 as is_attempted_imputed
        from sent
        left join {{ ref("grade_level") }} as grade on grade.grade_level = sent.grade_taken
        left join {{ ref("mark_rule") }} as rule on rule.mark = sent.mark
        left join {{ ref("term_rule") }} as term_rule on term_rule.term_code = sent.term_code
    ),

    resolved as (
        select
            *,
            case
                when not keeps_credit
                then 0
                when sent_earned_x3 is not null
                then sent_earned_x3
                when earns_credit
                then attempted_x3
                when attempted_x3 is not null
                then 0
            end as earned_x3
        from with_credits
    ),

    -- windows run over what was sent twice, never over all marks
    sent_twice as (
        select vantage, person_id, school_code, school_year, section_id, term_code
        from resolved
        group by all
        having count(*) > 1
    ),

    best_of_twice as (
        select resolved.*
        from resolved
        inner join
            sent_twice
            on sent_twice.vantage = resolved.vantage
            and sent_twice.person_id = resolved.person_id
            -- a mark may have no known school
            and sent_twice.school_code is not distinct from resolved.school_code
            and sent_twice.school_year = resolved.school_year
            and sent_twice.section_id = resolved.section_id
            and sent_twice.term_code = resolved.term_code
        qualify
            row_number() over (
                partition by
                    resolved.vantage,
                    resolved.person_id,
                    resolved.school_code,
                    resolved.school_year,
                    resolved.section_id,
                    resolved.term_code
                order by
                    coalesce(earned_x3, 0) desc,
                    posted_date desc nulls last,
                    known_from desc,
                    source_file_id,
                    source_row,
                    local_student_id
            )
            = 1
    ),

    one_each as (
        select resolved.*
        from resolved
        anti join
            sent_twice
            on sent_twice.vantage = resolved.vantage
            and sent_twice.person_id = resolved.person_id
            and sent_twice.school_code is not distinct from resolved.school_code
            and sent_twice.school_year = resolved.school_year
            and sent_twice.section_id = resolved.section_id
            and sent_twice.term_code = resolved.term_code
        union all
        select *
        from best_of_twice
    ),

    -- few people have marks of two schools in a year; only theirs are grouped by course
    people_of_two_schools as (
        select vantage, person_id, school_year
        from one_each
        group by all
        having min(school_code) <> max(school_code)
    ),

    at_two_schools as (
        select vantage, person_id, school_year, term_code, state_course_code
        from one_each
        semi join people_of_two_schools using (vantage, person_id, school_year)
        where state_course_code is not null
        group by all
        having min(school_code) <> max(school_code)
    ),

    -- one course-term at two schools: more credits earned, then later posted; two sections at one school
    -- are two marks
    kept_school as (
        select vantage, person_id, school_year, term_code, state_course_code, one_each.school_code
        from one_each
        inner join at_two_schools using (vantage, person_id, school_year, term_code, state_course_code)
        qualify
            row_number() over (
                partition by vantage, person_id, school_year, term_code, state_course_code
                order by coalesce(earned_x3, 0) desc, posted_date desc nulls last, school_code, section_id
            )
            = 1
    )

select
    mark.vantage,
    mark.person_id,
    mark.district_code,
    mark.school_code,
    mark.school_year,
    mark.term_code,
    coalesce(term.term_kind, mark.usual_kind) as term_kind,
    coalesce(
        term.start_date,
        district_term.start_date,
        make_date(mark.school_year + term_rule.start_offset, term_rule.start_month, term_rule.start_day)
    ) as term_start,
    coalesce(
        term.end_date,
        district_term.end_date,
        make_date(mark.school_year + term_rule.end_offset, term_rule.end_month, term_rule.end_day)
    ) as term_end,
    mark.section_id,
    mark.course_code,
    mark.state_course_code,
    mark.course_name,
    coalesce(state_subject.subject_area, district_subject.subject_area) as subject_area,
    mark.is_ag,
    mark.grade_taken,
    -- a mark without a grade is of high school from the year of first entering grade 9 on
    coalesce(
        mark.grade_number_taken >= 9, mark.school_year >= first_grade9.pace_start_year, false
    ) as is_high_school,
    -- where a mark came from is asked of tonight's alone
    case when mark.vantage = 'current' then mark.mark_raw end as mark_raw,
    mark.mark,
    mark.attempted_x3,
    mark.earned_x3,
    coalesce(
        mark.is_attempted_imputed or (mark.sent_earned_x3 is null and mark.earned_x3 is not null), false
    ) as credits_imputed,
    case when mark.vantage = 'current' then mark.posted_date end as posted_date,
    mark.is_transfer,
    mark.is_repeat,
    case when mark.vantage = 'current' then mark.source_file_id end as source_file_id,
    case when mark.vantage = 'current' then mark.source_row end as source_row,
    case when mark.vantage = 'current' then mark.known_from end as known_from
from one_each as mark
left join kept_school using (vantage, person_id, school_year, term_code, state_course_code)
left join {{ ref("int_first_grade9") }} as first_grade9 using (vantage, person_id)
left join
    {{ ref("int_school_term") }} as term
    on term.vantage = mark.vantage
    and term.school_code = mark.school_code
    and term.school_year = mark.school_year
    and term.term_code = mark.term_code
left join
    district_terms as district_term
    on district_term.vantage = mark.vantage
    and district_term.district_code = mark.district_code
    and district_term.school_year = mark.school_year
    and district_term.term_code = mark.term_code
left join {{ ref("term_rule") }} as term_rule on term_rule.term_code = mark.term_code
left join
    {{ ref("state_course_subject") }} as state_subject
    on state_subject.state_course_code = mark.state_course_code
left join
    district_subject
    on district_subject.district_code = mark.district_code
    and district_subject.school_year = mark.school_year
    and district_subject.course_code = mark.course_code
where kept_school.school_code is null or kept_school.school_code = mark.school_code
