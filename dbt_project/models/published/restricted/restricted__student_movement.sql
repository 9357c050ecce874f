-- One row per student, cohort_year, basis, end_snapshot_code and rule_set.
select
    access.district as _release_district,
    access.student_key,
    movement.cohort_year,
    movement.basis,
    movement.end_snapshot_code,
    movement.rule_set,
    movement.district_code,
    movement.school_code,
    movement.start_lane,
    movement.end_lane,
    movement.movement,
    movement.no_movement_reason
from {{ ref("student_movement") }} as movement
inner join
    {{ ref("district_access") }} as access
    on access.person_id = movement.person_id
    and {{ may_see_or_is_credited("access", "movement.district_code", "movement.end_as_of") }}
