-- One row per school credited (NULL: none), cohort_year, snapshot_code, rule_set and group: counts of
-- members.
with
    counted as (select * from {{ ref("student_snapshot") }} where is_first_time_grade9),

    grouped as ({{ by_group("counted") }})

select
    cohort_year,
    snapshot_code,
    school_year,
    rule_set,
    district_code,
    school_code,
    group_type,
    group_code,
    {% for name, sql in snapshot_counts().items() -%}
        {{ sql }} as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
from grouped
group by all
