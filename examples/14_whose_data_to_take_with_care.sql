-- Question: Which districts' figures should be taken with care, and why?
-- Tier: partner
-- Answer: One row per district for the latest school year with marks: shares of marks and courses without a
-- meaning, of ninth graders who were not found in grade 8, of days sent without a record, marks that came
-- after the freeze.
-- Mind: A share stands from 11 looked at. Nothing here is corrected or guessed; what comes of each case is in
-- docs/architecture.md, section 13. NULL: not measured there (no such feed).
select
    dim_district.district_name,
    max(quality.value) filter (measure = 'unmapped_mark_share') as unmapped_marks,
    max(quality.value) filter (measure = 'unmapped_course_share') as unmapped_courses,
    1 - max(quality.value) filter (measure = 'grade8_match_share') as not_found_in_grade_8,
    max(quality.value) filter (measure = 'unrecorded_days_share') as unrecorded_days,
    max(quality.value) filter (measure = 'marks_after_freeze') as marks_after_freeze
from data_quality as quality
inner join dim_district on dim_district.district_code = quality.district_code
where
    quality.school_year
    = (select max(school_year) from data_quality where measure = 'unmapped_mark_share' and value is not null)
group by dim_district.district_name
order by not_found_in_grade_8 desc nulls last, dim_district.district_name
