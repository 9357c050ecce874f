{%- set measures = [
    ("movement", "movement_rate", "rule_set.movement_end", "rule_set.movement_start", "up"),
    ("off_track", "off_track_rate_9_10", "'G10_EOY'", "'G9_EOY'", "down"),
    ("vulnerable", "vulnerable_rate", "'G9_EOY'", "cast(null as varchar)", "down"),
    ("move_up", "move_up_9_10", "'G10_EOY'", "'G9_EOY'", "up"),
] -%}
{{ config(materialized="view") }}
-- One row per rule_set and figure of the aim: the rates of both bullets (movement, off_track) and the rates
-- whose numerators are the counts in brackets (vulnerable, move_up), with the school years that a figure
-- spans, counted from its cohort_year.
with
    measures as (
        {% for measure, code, snapshot, basis, goal in measures -%}
            select
                rule_set.rule_set,
                '{{ measure }}' as measure,
                '{{ code }}' as metric_code,
                {{ snapshot }} as snapshot_code,
                {{ basis }} as basis,
                '{{ goal }}' as goal
            from {{ ref("rule_set") }} as rule_set {{ "union all" if not loop.last }}
        {% endfor %}
    )

select
    measures.*,
    coalesce(started.year_offset, ended.year_offset) as first_offset,
    ended.year_offset as last_offset
from measures
inner join {{ ref("snapshot_definition") }} as ended on ended.snapshot_code = measures.snapshot_code
left join {{ ref("snapshot_definition") }} as started on started.snapshot_code = measures.basis
