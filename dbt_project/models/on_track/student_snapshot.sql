-- One row per person_id, snapshot_code, cohort_year and rule_set: what was frozen, or what is known tonight
-- while nothing is frozen yet.
with
    people as (
        select
            *,
            case when is_frozen then vantage else 'current' end as read_vantage,
            case when is_frozen then frozen_person_id else person_id end as read_person_id
        from {{ ref("snapshot_person") }}
    )

select * exclude (is_measured, is_due_unmeasured)
from ({{ snapshot_rows("people", "people.read_vantage", "people.read_person_id") }})
where is_frozen or is_measured or is_due_unmeasured
