{%- set columns = ["code", "table", "part", "where", "adds"] -%}
-- One row per metric and part: the condition by which a student's row counts, made of the very text by which
-- the figures are counted.
with
    parts(metric_code, table_name, part, condition, adds) as (
        values
            {% for m in metric_parts() -%}
                (
                    {%- for column in columns -%}
                        {{ dbt.string_literal(dbt.escape_single_quotes(m[column])) }}{{ ", " if not loop.last }}
                    {%- endfor -%}
                ){{ "," if not loop.last }}
            {% endfor %}
    )

select
    parts.*,
    bool_or(
        parts.table_name = 'student_movement' or regexp_matches(parts.condition, '\b(lane|on_track)\b')
    ) over (partition by parts.metric_code) as follows_from_lanes
from parts
where parts.metric_code in (select metric_code from {{ ref("partner__metric_definition") }})
