-- One row per person, school, school year, section and term, tonight: a final mark.
select
    mark.vantage,
    mark.person_id,
    mark.district_code,
    mark.school_code,
    mark.school_year,
    mark.term_code,
    mark.term_kind,
    term_start,
    mark.term_end,
    mark.section_id,
    course_code,
    state_course_code,
    mark.course_name,
    mark.subject_area,
    is_core,
    mark.is_ag,
    grade_taken as grade_level_taken,
    mark_raw,
    mark.mark,
    points_collapse as grade_points,
    points_keep as grade_points_keep,
    {{ credits_down("mark.attempted_x3") }} as credits_attempted,
    {{ credits_down("case when is_void_repeat then 0 else mark.earned_x3 end") }} as credits_earned,
    credits_imputed,
    counts_in_gpa,
    counts_as_f,
    posted_date,
    is_transfer,
    is_void_repeat,
    replaced_on,
    replaced_school_year,
    replaced_is_summer,
    mark.source_file_id,
    source_row,
    known_from
from {{ ref("int_mark") }} as mark
inner join
    {{ ref("int_mark_rule") }} as rule
    on rule.vantage = mark.vantage
    and rule.person_id = mark.person_id
    -- a mark may have no known school
    and rule.school_code is not distinct from mark.school_code
    and rule.school_year = mark.school_year
    and rule.section_id = mark.section_id
    and rule.term_code = mark.term_code
where mark.vantage = 'current'
