-- One row per final mark: student, school, school year, section and term.
select
    access.district as _release_district,
    access.student_key,
    mark.district_code,
    mark.school_code,
    mark.school_year,
    mark.term_code,
    mark.term_kind,
    mark.term_start,
    mark.term_end,
    mark.section_id,
    mark.course_code,
    mark.state_course_code,
    mark.course_name,
    mark.subject_area,
    mark.is_core,
    mark.is_ag,
    mark.grade_level_taken,
    mark.mark_raw,
    mark.mark,
    {{ as_double("mark", ["grade_points", "credits_attempted", "credits_earned"]) }},
    mark.credits_imputed,
    mark.counts_in_gpa,
    mark.posted_date,
    mark.is_transfer,
    mark.replaced_on,
    mark.source_file_id,
    mark.source_row,
    mark.known_from
from {{ ref("course_mark") }} as mark
inner join
    {{ ref("district_access") }} as access
    on access.person_id = mark.person_id
    and {{ may_see("access", "mark.district_code", "mark.term_start", "mark.term_end") }}
where mark.vantage = 'current'
