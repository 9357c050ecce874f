-- One row per vantage, person, school year and window with marks: sums over the marks of the window that
-- no repeat within it replaces.
with
    latest as (
        select
            *,
            max(term_end) filter (where attempted_x3 > 0) over (
                partition by vantage, person_id, school_year, window_code, subject_area
            ) as latest_subject_end,
            letter
            || ' in '
            || coalesce(course_name, 'a course without a name')
            || ', '
            || term_code as in_words
        from {{ ref("int_window_mark") }}
        where not is_out
    )

select
    vantage,
    person_id,
    school_year,
    window_code,
    sum(points_collapse * attempted_x3) filter (where counts_in_gpa) as points_collapse_x3,
    sum(points_keep * attempted_x3) filter (where counts_in_gpa) as points_keep_x3,
    sum(attempted_x3) filter (where counts_in_gpa) as graded_x3,
    {{ low_mark_counts() }},
    count(*) filter (where counts_as_f and subject_area = 'ELA') as n_f_ela,
    count(*) filter (where counts_as_f and subject_area = 'MATH') as n_f_math,
    coalesce(
        bool_or(counts_as_f and term_end = latest_subject_end) filter (where subject_area = 'ELA'), false
    ) as has_latest_ela_f,
    coalesce(
        bool_or(counts_as_f and term_end = latest_subject_end) filter (where subject_area = 'MATH'), false
    ) as has_latest_math_f,
    count(*) filter (
        where is_core and letter is not null and attempted_x3 > 0 and not is_pending
    ) as n_core_marks,
    count(*) filter (
        where
            is_core
            and letter is not null
            and letter not in ('A', 'B')
            and attempted_x3 > 0
            and not is_pending
    ) as n_core_not_ab,
    sum(attempted_x3) as attempted_x3,
    count(*) filter (where attempted_x3 > 0 and coalesce(earned_x3, 0) < attempted_x3) as n_not_earned,
    count(*) filter (where is_ag and attempted_x3 > 0) as n_ag_attempted,
    -- C or better: nothing else will do, a mark that could not be mapped included
    count(*) filter (
        where is_ag and attempted_x3 > 0 and coalesce(letter, '') not in ('A', 'B', 'C')
    ) as n_ag_failed,
    {{ list_where("in_words", "in_words, school_code, section_id", "counts_as_low and is_core") }}
    as low_core_marks,
    {{ list_where("in_words", "in_words, school_code, section_id", "counts_as_f and is_core") }}
    as f_core_marks,
    {{
        list_where(
            "in_words",
            "in_words, school_code, section_id",
            "counts_as_low and subject_area in ('ELA', 'MATH')",
        )
    }} as df_elamath_marks
from latest
group by all
