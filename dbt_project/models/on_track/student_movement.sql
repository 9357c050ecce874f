-- One row per person_id, cohort_year, basis, end_snapshot_code and rule_set, for members of the cohort as
-- it was known when the end was frozen: from which lane to which, or why there is no movement.
with
    snapshots as (select * from {{ ref("student_snapshot") }}),

    members as (
        select
            definition.basis,
            definition.end_snapshot_code,
            definition.credit_snapshot_code,
            ended.person_id,
            ended.cohort_year,
            ended.rule_set,
            true as is_due
        from snapshots as ended
        inner join
            {{ ref("movement_definition") }} as definition
            on definition.end_snapshot_code = ended.snapshot_code
        where ended.is_first_time_grade9
        union all
        select
            definition.basis,
            definition.end_snapshot_code,
            definition.credit_snapshot_code,
            ninth_grader.person_id,
            ninth_grader.cohort_year,
            rule_set.rule_set,
            false as is_due
        from {{ ref("ninth_grader") }} as ninth_grader
        cross join {{ ref("movement_definition") }} as definition
        cross join {{ ref("rule_set") }} as rule_set
        anti join
            snapshots as ended
            on ended.person_id = ninth_grader.person_id
            and ended.cohort_year = ninth_grader.cohort_year
            and ended.snapshot_code = definition.end_snapshot_code
        where ninth_grader.is_first_time
    ),

    paired as (
        select
            members.*,
            ended.school_year,
            ended.as_of as end_as_of,
            credited.district_code,
            credited.school_code,
            started.lane as start_lane,
            ended.lane as end_lane,
            coalesce(len(started.partial_inputs) > 0, false)
            or coalesce(len(ended.partial_inputs) > 0, false) as has_partial_inputs,
            case
                when not members.is_due
                then 'end_not_due'
                when ended.null_reason = 'not_enrolled'
                then 'exited'
                when started.lane is null
                then 'no_baseline'
                else ended.null_reason
            end as no_movement_reason
        from members
        left join
            snapshots as ended
            on members.is_due
            and ended.person_id = members.person_id
            and ended.cohort_year = members.cohort_year
            and ended.snapshot_code = members.end_snapshot_code
            and ended.rule_set = members.rule_set
        left join
            snapshots as started
            on started.person_id = members.person_id
            and started.cohort_year = members.cohort_year
            and started.snapshot_code = members.basis
            and started.rule_set = members.rule_set
        left join
            snapshots as credited
            on members.is_due
            and credited.person_id = members.person_id
            and credited.cohort_year = members.cohort_year
            and credited.snapshot_code = members.credit_snapshot_code
            and credited.rule_set = members.rule_set
    )

select
    person_id,
    cohort_year,
    basis,
    end_snapshot_code,
    rule_set,
    school_year,
    end_as_of,
    is_due,
    has_partial_inputs,
    district_code,
    school_code,
    start_lane,
    end_lane,
    case
        when no_movement_reason is not null
        then null
        when end_lane > start_lane
        then 'up'
        when end_lane < start_lane
        then 'down'
        else 'same'
    end as movement,
    no_movement_reason
from paired
