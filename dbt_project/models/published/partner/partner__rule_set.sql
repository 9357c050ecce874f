{%- set decimals = [
    "min_graded_credits",
    "min_days_exclusive",
    "chronic_cut",
    "severe_cut",
    "hsr_att",
    "credits_per_semester_course",
    "credit_pace_per_year",
    "aim_up",
    "aim_down",
    "aim_school_share",
] -%}
-- One row per rule set: scheme, version of the lane rules and every parameter.
select
    rule_set.* replace (
        {% for column in decimals -%}
            cast(rule_set.{{ column }} as double) as {{ column }}{{ "," if not loop.last }}
        {% endfor %}
    ),
    (
        select max(lane_name.lane)
        from {{ ref("lane_name") }} as lane_name
        where lane_name.scheme = rule_set.scheme
    ) as top_lane
from {{ ref("rule_set") }} as rule_set
