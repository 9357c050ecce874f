-- One row per district, school year and measure. What points at few students is left out: measures of
-- students, since how
-- many were looked at would, beside the denominators of public.metric, single out those without a lane; marks
-- and days are
-- looked at only where they are many.
select partner.*
from {{ ref("partner__data_quality") }} as partner
inner join {{ ref("quality_measure") }} as quality using (district_code, school_year, measure)
cross join (select min_n from {{ ref("rule_set") }} where is_default) as floor
where
    quality.is_public
    and quality.counts <> 'students'
    and (quality.counts in ('schools', 'school months') or quality.n >= floor.min_n)
