-- One row per district, school year and measure: how far the figures of that district and year can be
-- trusted. Measures of
-- students stand only where enough students were looked at, as every figure of this tier.
select
    quality.district_code,
    cast(quality.school_year as integer) as school_year,
    quality.measure,
    case when quality.is_share then quality.n_found / quality.n else quality.n_found end as value,
    quality.n
from {{ ref("quality_measure") }} as quality
cross join (select min_n from {{ ref("rule_set") }} where is_default) as floor
where quality.counts <> 'students' or quality.n >= floor.min_n
