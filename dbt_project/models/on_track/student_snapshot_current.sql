{%- set compared = [
    "grade_level",
    "is_retained",
    "as_of",
    "district_code",
    "school_code",
] + snapshot_measure_columns() -%}
-- One row per person_id, snapshot_code, cohort_year and rule_set of a frozen snapshot for which what is
-- known tonight differs from what was frozen.
with
    people as (select * from {{ ref("snapshot_person") }} where is_frozen),

    tonight as ({{ snapshot_rows("people", "'current'", "people.person_id") }})

select
    tonight.* exclude (is_measured, is_due_unmeasured) replace (
        false as is_frozen, cast(null as date) as frozen_on
    )
from tonight
inner join {{ ref("student_snapshot") }} as frozen using (person_id, snapshot_code, cohort_year, rule_set)
where
    {% for column in compared -%}
        tonight.{{ column }} is distinct from frozen.{{ column }}{{ " or " if not loop.last }}
    {% endfor %}
