{{ config(materialized="view") }}
-- One row per vantage, person_id, school_year, window_code, role and rule_set: computed tonight or kept
-- from before. A freeze that was kept is not computed again, so a vantage and rule set stands in one of the
-- two only.
{% set computed = ref("int_snapshot_measure") %}
select *
from {{ computed }}
union all by name
select kept.*
from {{ source("raw", "kept_snapshot") }} as kept
where
    not exists (
        select 1
        from (select distinct vantage, rule_set from {{ computed }}) as computed
        where computed.vantage = kept.vantage and computed.rule_set = kept.rule_set
    )
