-- One row per vantage, person, school year and window with marks: how many, and credits earned in it. A
-- repeated course counts once, so
-- that marks out of the window's GPA still add what their repeat did not.
select
    vantage,
    person_id,
    school_year,
    window_code,
    count(*) as n_marks,
    sum(added_in_year_x3) as earned_x3,
    coalesce(sum(added_in_year_x3) filter (where subject_area = 'ELA'), 0) as ela_x3,
    coalesce(sum(added_in_year_x3) filter (where subject_area = 'MATH'), 0) as math_x3,
    coalesce(sum(added_in_year_x3) filter (where subject_area = 'SCIENCE'), 0) as science_x3,
    coalesce(sum(added_in_year_x3) filter (where subject_area = 'SOCIAL_SCIENCE'), 0) as social_science_x3
from {{ ref("int_window_mark") }}
group by all
