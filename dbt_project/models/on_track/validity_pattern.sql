-- One row per cohort_year, predicting snapshot, rule_set, group and pattern of lane, indicators and
-- outcomes among first-time ninth graders with a lane there whose end of grade 10 is settled: how many.
-- Counting patterns first keeps everything after it as small for a million students as for a thousand.
{%- set keys = ["cohort_year", "snapshot_code", "rule_set", "group_type", "group_code", "lane"] %}
with
    -- credits of somebody who left, or whose district sent no marks, say nothing about the student
    ended as (
        select
            person_id,
            cohort_year,
            rule_set,
            on_track as on_track_g10,
            case
                when
                    null_reason is distinct from 'not_enrolled' and not list_contains(partial_inputs, 'marks')
                then credits_earned_total + 0.000001 >= credits_due
            end as credits_due_by_g10,
            null_reason is distinct from 'not_enrolled' as enrolled_g10
        from {{ ref("student_snapshot") }}
        where snapshot_code = 'G10_EOY' and is_frozen and is_first_time_grade9
    ),

    -- groups are those of the predicting snapshot's year: who has left has none in the year of the
    -- outcome
    counted as (
        select
            started.person_id,
            started.cohort_year,
            started.snapshot_code,
            started.school_year,
            started.rule_set,
            started.lane,
            {% for flag in snapshot_flag_names() %} started.{{ flag }}, {% endfor %}
            ended.on_track_g10,
            ended.credits_due_by_g10,
            ended.enrolled_g10
        from {{ ref("student_snapshot") }} as started
        inner join ended using (person_id, cohort_year, rule_set)
        where
            started.snapshot_code in ('G8_EOY', 'G9_T1', 'G9_EOY')
            and started.is_frozen
            and started.lane is not null
    ),

    grouped as ({{ by_group("counted") }})

select
    {{ keys | join(", ") }},
    {{ snapshot_flag_names() | join(", ") }},
    {{ validity_outcomes() | join(", ") }},
    count(*) as n
from grouped
group by all
