-- One row per version, grade, gate and measure: a condition of a gate; all conditions of a gate must hold.
select version, grade, gate, measure, op, cast(value as double) as value from {{ ref("lane_rule") }}
