-- Question: Which subjects hold our ninth graders back?
-- Tier: restricted
-- Answer: One row per subject for the latest settled cohort: students with a mark in it, those with a D, an F
-- or no pass, their share, and how many of them ended the year off track.
-- Mind: Students credited to this district; marks of the regular year in any district of the collaborative.
-- A student counts once a subject. A mark that a repeat replaced later is still counted here.
with
    cohort as (
        select student_key, cohort_year, on_track
        from student_snapshot
        where
            snapshot_code = 'G9_EOY'
            and rule_set = 'core5_v1'
            and is_first_time_grade9
            and district_code = (select distinct district_code from student)
            and cohort_year
            = (select max(cohort_year) from student_snapshot where snapshot_code = 'G9_EOY' and is_frozen)
    ),

    student_subject as (
        select
            course_mark.subject_area,
            cohort.student_key,
            any_value(cohort.on_track) as on_track,
            bool_or(left(course_mark.mark, 1) in ('D', 'F') or course_mark.mark = 'NP') as has_low_mark
        from course_mark
        inner join
            cohort
            on cohort.student_key = course_mark.student_key
            and cohort.cohort_year = course_mark.school_year
        where course_mark.term_kind <> 'summer' and course_mark.mark <> 'W'
        group by course_mark.subject_area, cohort.student_key
    )
select
    subject_area,
    count(*) as students,
    count(*) filter (has_low_mark) as with_low_mark,
    count(*) filter (has_low_mark) / count(*) as share,
    count(*) filter (has_low_mark and not on_track) as of_these_off_track
from student_subject
group by subject_area
order by share desc, subject_area
