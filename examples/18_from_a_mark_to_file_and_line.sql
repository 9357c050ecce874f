-- Question: From which file and line does each core F of a ninth grader come?
-- Tier: restricted
-- Answer: One row per F in a core course of the latest settled cohort: course, mark as the district sent it,
-- the source file's id and the line in it (in XML the number of the record).
-- Mind: Lists students: for the district's own staff. .venv/bin/core explain <student_key> also names the
-- delivery and the path. A mark may come from another district that the student attended.
select
    mark.student_key,
    mark.school_year,
    mark.term_code,
    mark.course_code,
    mark.course_name,
    mark.subject_area,
    mark.mark_raw,
    mark.district_code as sent_by,
    mark.source_file_id,
    mark.source_row,
    mark.known_from
from course_mark as mark
inner join
    student_snapshot as snapshot
    on snapshot.student_key = mark.student_key
    and snapshot.cohort_year = mark.school_year
    and snapshot.snapshot_code = 'G9_EOY'
    and snapshot.rule_set = 'core5_v1'
    and snapshot.is_first_time_grade9
where
    mark.is_core
    and left(mark.mark, 1) = 'F'
    and mark.school_year
    = (select max(cohort_year) from student_snapshot where snapshot_code = 'G9_EOY' and is_frozen)
order by all
