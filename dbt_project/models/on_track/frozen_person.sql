-- One row per freeze vantage and student frozen in it: who that is tonight. An SSID that was resolved or
-- corrected since then changes person_id; the districts' own ids lead from one to the other.
with
    frozen as (
        select distinct vantage, person_id as frozen_person_id, district_code, local_ids
        from {{ ref("snapshot_measure") }}
        where
            vantage in (select vantage from {{ ref("snapshot_status") }} where is_frozen)
            and rule_set in (select rule_set from {{ ref("rule_set") }} where is_default)
    ),

    called as (select vantage, frozen_person_id, district_code, unnest(local_ids) as local_id from frozen),

    candidates as (
        select
            called.vantage,
            called.frozen_person_id,
            student_local.person_id,
            bool_or(student_local.person_id = called.frozen_person_id) as is_same,
            bool_or(student_local.district_code is not distinct from called.district_code) as is_credited
        from called
        inner join
            {{ ref("student_local") }} as student_local
            on student_local.vantage = 'current'
            and student_local.district_code || ':' || student_local.local_student_id = called.local_id
        group by all
    ),

    -- one of tonight's students for each frozen one ...
    one_each as (
        select *
        from candidates
        qualify
            row_number() over (
                partition by vantage, frozen_person_id order by is_same desc, is_credited desc, person_id
            )
            = 1
    )

-- ... and, where two have become one, a single row of the freeze for the student
select vantage, frozen_person_id, person_id
from one_each
qualify row_number() over (partition by vantage, person_id order by is_same desc, frozen_person_id) = 1
