-- Question: Whose lane would be another if late marks and corrections counted?
-- Tier: restricted
-- Answer: One row per cohort, snapshot, frozen lane and lane as known tonight, where the two differ; students
-- counted, and whether they would cross the line between off track and on track.
-- Mind: Published figures keep the frozen lane, until a restatement is decided. A NULL lane has a reason in
-- null_reason. Only rows that changed in anything are in student_snapshot_current.
select
    frozen.cohort_year,
    frozen.snapshot_code,
    frozen.lane as frozen_lane,
    tonight.lane as lane_tonight,
    count(*) as students,
    count(*) filter (frozen.on_track <> tonight.on_track) as cross_the_line
from student_snapshot as frozen
inner join
    student_snapshot_current as tonight
    on tonight.student_key = frozen.student_key
    and tonight.snapshot_code = frozen.snapshot_code
    and tonight.cohort_year = frozen.cohort_year
    and tonight.rule_set = frozen.rule_set
where frozen.rule_set = 'core5_v1' and tonight.lane is distinct from frozen.lane
group by all
order by all
