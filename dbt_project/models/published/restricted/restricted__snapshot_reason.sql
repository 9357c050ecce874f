{%- set grain = ["_release_district", "student_key", "snapshot_code", "cohort_year", "rule_set"] -%}
-- One row per student, snapshot_code, cohort_year, rule_set and position: a condition that keeps the student
-- from the next lane. Worked out from the published measures and rule rows, and paired with the sentences in
-- the order in which those are written.
with
    asked as (
        select
            {% for column in grain -%} snapshot.{{ column }}, {% endfor %}
            snapshot.gate_failed as gate,
            lane_rule.measure,
            lane_rule.op,
            lane_rule.value as required,
            snapshot.reasons,
            case
                lane_rule.measure
                {% for measure, m in lane_measures().items() -%}
                    when '{{ measure }}' then {{ measure_of_row(m) }}
                {% endfor %}
            end as have,
            case
                lane_rule.measure
                {% for measure, m in lane_measures().items() -%}
                    when '{{ measure }}' then {{ whole_of_row(m) }}
                {% endfor %}
            end as of_whole,
            case
                lane_rule.measure
                {% for measure, m in lane_measures().items() -%}
                    when '{{ measure }}' then {{ m.slack }}
                {% endfor %}
            end as slack,
            case
                lane_rule.measure
                {% for measure in lane_reason_order() -%}
                    when '{{ measure }}' then {{ loop.index }}
                {% endfor %}
            end as place
        from {{ ref("restricted__student_snapshot") }} as snapshot
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = snapshot.rule_set
        left join
            {{ ref("snapshot_definition") }} as definition
            on definition.snapshot_code = snapshot.snapshot_code
        inner join
            {{ ref("lane_rule") }} as lane_rule
            on lane_rule.version = rule_set.lane_rule_version
            -- without a definition: a progress period of grade 9
            and lane_rule.grade = lpad(right(coalesce(definition.role, 'G9'), -1), 2, '0')
            and lane_rule.gate = snapshot.gate_failed
    ),

    missed as (
        select *, row_number() over (partition by {{ grain | join(", ") }} order by place) as position
        from asked
        -- an unknown measure skips its condition
        where not {{ meets("op", "have", "required", "of_whole", "slack") }}
    )

select
    {{ grain | join(", ") }},
    cast(position as integer) as position,
    gate,
    measure,
    op,
    cast(required as double) as required,
    cast(have as double) / cast(of_whole as double) as actual,
    {{ nth_of("reasons", "position") }} as sentence
from missed
