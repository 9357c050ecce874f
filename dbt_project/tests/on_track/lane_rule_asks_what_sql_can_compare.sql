{%- set more = [] -%} {%- set less = [] -%}
{%- for name, m in lane_measures().items() -%}
    {%- do (more if m.more else less).append(name) -%}
{%- endfor -%}
-- A rule whose measure cannot fall short in the direction of its operator would be passed by everybody.
select version, grade, gate, measure, op
from {{ ref("lane_rule") }}
where
    not (
        gate in ('{{ lane_gates() | join("', '") }}')
        and (
            (measure in ('{{ more | join("', '") }}') and op in ('>=', '>'))
            or (measure in ('{{ less | join("', '") }}') and op in ('<=', '<'))
        )
    )
union all
select version, grade, gate, measure, 'more than one row'
from {{ ref("lane_rule") }}
group by all
having count(*) > 1
