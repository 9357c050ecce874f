-- Lane 4 or higher at the end of grade 9 means on track by the Education-to-Workforce Framework, unless
-- discipline is
-- unknown (the converse is false: two F in core courses with a GPA of 3.0).
select cohort_year, rule_set, count(*) as n
from {{ ref("student_snapshot") }}
inner join {{ ref("rule_set") }} as rule_set using (rule_set)
where
    -- nested gates with these conditions; other versions may ask for other things
    rule_set.lane_rule_version in ('core5_v1', 'simple4_v1')
    and snapshot_code = 'G9_EOY'
    and lane >= 4
    and n_suspensions is not null
    and ew_g9 is distinct from true
group by all
