-- Question: Which of this year's ninth graders are off track, and what does each need for the next lane?
-- Tier: restricted
-- Answer: One row per ninth grader enrolled here now whose latest snapshot is in lane 1 or 2, those with the
-- fewest things missing first; needs are the conditions of the next gate that are not met.
-- Mind: Lists students: for the district's own staff. In autumn the latest snapshot is the end of grade 8.
-- A student without a lane is not here (null_reason says why). .venv/bin/core explain <student_key>
-- --next-lane works out the smallest changes.
with
    this_year as (select max(school_year) as school_year from enrollment where grade_level = '09'),

    latest as (
        select student_key, snapshot_code, as_of, lane, lane_name, reasons
        from student_snapshot
        where
            rule_set = 'core5_v1'
            and is_first_time_grade9
            and snapshot_code not like 'G9_P%'
            and cohort_year = (select school_year from this_year)
        qualify row_number() over (partition by student_key order by as_of desc, snapshot_code desc) = 1
    )
select
    enrollment.school_code,
    student.local_student_id,
    latest.student_key,
    latest.snapshot_code,
    latest.lane,
    latest.lane_name,
    len(latest.reasons) as n_needs,
    latest.reasons as needs
from latest
inner join student on student.student_key = latest.student_key
inner join
    enrollment
    on enrollment.student_key = latest.student_key
    and enrollment.district_code = student.district_code
    and enrollment.school_year = (select school_year from this_year)
    and enrollment.grade_level = '09'
    and enrollment.is_primary
    and enrollment.exit_date is null
where latest.lane <= 2
order by n_needs, latest.lane desc, latest.student_key
