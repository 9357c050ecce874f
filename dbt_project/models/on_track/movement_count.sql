-- One row per school credited (NULL: none), cohort_year, basis, end, rule_set and group: counts of members.
with
    counted as (
        select
            movement.* replace (
                coalesce(movement.school_year, movement.cohort_year + definition.year_offset) as school_year
            ),
            top.top_lane
        from {{ ref("student_movement") }} as movement
        inner join
            {{ ref("snapshot_definition") }} as definition
            on definition.snapshot_code = movement.end_snapshot_code
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = movement.rule_set
        inner join
            (select scheme, max(lane) as top_lane from {{ ref("lane_name") }} group by scheme) as top
            on top.scheme = rule_set.scheme
    ),

    grouped as ({{ by_group("counted") }})

select
    cohort_year,
    end_snapshot_code as snapshot_code,
    basis,
    school_year,
    rule_set,
    district_code,
    school_code,
    group_type,
    group_code,
    {{ count_columns(movement_counts()) }}
from grouped
group by all
