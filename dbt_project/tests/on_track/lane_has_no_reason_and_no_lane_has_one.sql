-- A lane is NULL exactly where a reason is given, and lane fields and flags are NULL with it.
select snapshot_code, cohort_year, count(*) as n
from {{ ref("student_snapshot") }}
where
    (lane is null) <> (null_reason is not null)
    or (lane is null) <> (on_track is null)
    or (lane is null) <> (lane_name is null)
    or (lane is null and coalesce(gate_failed, cast(abc as varchar)) is not null)
group by all
