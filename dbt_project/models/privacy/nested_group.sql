-- One row per partition of students (or pair of a group and one within it) and group in it, with the group
-- that is
-- their total.
select
    partition_code,
    group_type,
    group_code,
    case partition_code when 'EL_RFEP' then 'EL_RFEP' else 'ALL' end as total_code
from {{ ref("group_partition") }}
union all
select partition_code, group_type, group_code, total_code
from {{ ref("group_within") }}
