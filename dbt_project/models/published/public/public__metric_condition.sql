-- One row per metric and part: the condition by which a student's row counts.
select * from {{ ref("partner__metric_condition") }}
