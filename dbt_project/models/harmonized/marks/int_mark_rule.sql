-- One row per mark of int_mark: what windows ask of it. What only describes a mark stays there.
select
    mark.vantage,
    mark.person_id,
    mark.district_code,
    mark.school_code,
    mark.school_year,
    mark.term_code,
    mark.term_kind,
    mark.term_end,
    mark.section_id,
    mark.course_name,
    mark.subject_area,
    mark.is_ag,
    mark.is_high_school,
    mark.mark,
    mark.attempted_x3,
    mark.earned_x3,
    mark.source_file_id,
    coalesce(subject.is_core, false) as is_core,
    rule.letter,
    rule.points_collapse,
    rule.points_keep,
    coalesce(rule.is_attempted, true) as is_attempted,
    coalesce(rule.is_incomplete, false) as is_incomplete,
    coalesce(rule.is_low, false) as is_low,
    coalesce(rule.is_graded, false)
    and coalesce(mark.attempted_x3, 0) > 0
    and not coalesce(chain.is_void_repeat, false) as counts_in_gpa,
    coalesce(rule.is_f or (rule.is_np and coalesce(district.np_as_f, true)), false) as counts_as_f,
    coalesce(chain.is_void_repeat, false) as is_void_repeat,
    chain.replaced_on,
    chain.replaced_school_year,
    chain.replaced_is_summer,
    coalesce(chain.added_x3, mark.earned_x3, 0) as added_x3,
    coalesce(chain.added_in_year_x3, mark.earned_x3, 0) as added_in_year_x3
from {{ ref("int_mark") }} as mark
left join {{ ref("mark_rule") }} as rule on rule.mark = mark.mark
left join {{ ref("subject_area") }} as subject on subject.subject_area = mark.subject_area
left join {{ source("raw", "district") }} as district on district.district_code = mark.district_code
left join
    {{ ref("int_mark_chain") }} as chain
    on chain.vantage = mark.vantage
    and chain.person_id = mark.person_id
    and chain.school_code is not distinct from mark.school_code
    and chain.school_year = mark.school_year
    and chain.section_id = mark.section_id
    and chain.term_code = mark.term_code
