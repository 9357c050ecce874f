-- One row per measure of lane_rule: what a row of student_snapshot has of it, and when that meets a rule.
select * from {{ ref("partner__lane_measure") }}
