-- One row per district, school year and feed. Every district sees all of them: a student's history
-- elsewhere is read with what was sent there.
select
    district.district as _release_district,
    coverage.district_code,
    coverage.school_year,
    coverage.feed,
    coverage.is_available
from {{ ref("feed_coverage") }} as coverage
cross join {{ source("raw", "district") }} as district
where coverage.vantage = 'current' and district.kind = 'district'
