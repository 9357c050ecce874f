-- One row per measure of lane_rule: what a row of student_snapshot has of it, and when that meets a rule.
with
    measures as (
        {% for measure, m in lane_measures().items() -%}
            {%- set have, whole = measure_of_row(m), whole_of_row(m) -%}
            {%- set met = meets("op", have, "cast(value as decimal(9, 4))", whole, m.slack) -%}
            select
                '{{ measure }}' as measure,
                cast({{ loop.index }} as integer) as position,
                {{ m.more | lower }} as more_is_better,
                cast({{ m.slack }} as double) as slack,
                {{ dbt.string_literal(dbt.escape_single_quotes(have)) }} as have,
                {{ dbt.string_literal(dbt.escape_single_quotes(whole)) }} as of_whole,
                regexp_replace(
                    {{ dbt.string_literal(dbt.escape_single_quotes(met)) }}, '\s+', ' ', 'g'
                ) as condition
                {{ "union all" if not loop.last }}
        {% endfor %}
    )

select *
from measures
where measure in (select measure from {{ ref("lane_rule") }})
