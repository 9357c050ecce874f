-- One row per version, grade, gate and measure: a condition of a gate; all conditions of a gate must hold.
select * from {{ ref("partner__lane_rule") }}
