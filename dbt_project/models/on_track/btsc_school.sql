-- One row per network cohort and school that was ever in it: its figures are shown before and after it
-- joined.
select distinct
    school_code,
    network,
    cohort,
    network || '-' || cohort as entity_code,
    network || ', cohort ' || cohort as entity_name
from {{ ref("stg_core_hub__btsc_membership") }}
where known_to is null and school_code is not null
