-- Lane 3 or higher of a first-time ninth grader at the end of the year means on track by Chicago's rule,
-- unless the
-- credits due were prorated.
select cohort_year, rule_set, count(*) as n
from {{ ref("student_snapshot") }}
inner join {{ ref("rule_set") }} as rule_set using (rule_set)
where
    -- nested gates with these conditions; other versions may ask for other things
    rule_set.lane_rule_version in ('core5_v1', 'simple4_v1')
    and snapshot_code = 'G9_EOY'
    and is_first_time_grade9
    and lane >= 3
    and not coalesce(credits_prorated, false)
    and credits_earned = credits_earned_total
    and chicago_g9 is distinct from true
group by all
