-- One row per level and entity that figures are about: its name.
select 'collaborative' as level, 'CORE' as entity_code, 'CORE Districts' as entity_name
union all
select 'district', district_code, district_name
from {{ source("raw", "district") }}
where kind = 'district'
union all
select 'school', school_code, school_name
from {{ ref("partner__dim_school") }}
union all
select distinct 'btsc_cohort', entity_code, entity_name
from {{ ref("btsc_school") }}
