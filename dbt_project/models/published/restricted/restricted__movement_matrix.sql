-- One row per cohort_year, basis, end_snapshot_code, start_lane, end_lane and rule_set: students credited
-- to the district.
select
    district.district as _release_district,
    matrix.cohort_year,
    matrix.basis,
    matrix.end_snapshot_code,
    matrix.start_lane,
    matrix.end_lane,
    matrix.rule_set,
    matrix.n
from {{ ref("movement_matrix") }} as matrix
inner join
    {{ source("raw", "district") }} as district
    on district.district_code = matrix.district_code
    and district.kind = 'district'
