-- One row per public figure and other one that is hidden whenever it is: outcomes that add up stand
-- together or not
-- at all; net movement needs up, same and down; 'not reported' goes with any other race.
with figures as (select * from {{ ref("public_primary") }})

select leader.figure_id, follower.figure_id as follower_id
from figures as leader
inner join
    figures as follower
    on {{ same_students("leader", "follower") }}
    and leader.figure_id <> follower.figure_id
    and (
        follower.outcome_family = leader.outcome_family
        or (
            follower.metric_code = 'net_movement'
            and leader.metric_code in ('movement_rate', 'move_up_9_10', 'same_rate', 'down_rate')
        )
    )
union all
select leader.figure_id, follower.figure_id
from figures as leader
inner join
    figures as follower
    on follower.metric_code = leader.metric_code
    and follower.cohort_year = leader.cohort_year
    and follower.snapshot_code = leader.snapshot_code
    and follower.basis = leader.basis
    and follower.level = leader.level
    and follower.entity_code = leader.entity_code
    and follower.group_type = leader.group_type
where follower.group_code = 'NR' and leader.group_type = 'race_ethnicity' and leader.group_code <> 'NR'
