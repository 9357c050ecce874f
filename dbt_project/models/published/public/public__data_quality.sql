-- One row per district, school year and measure. What points at few students is left out: measures of
-- students stand only
-- where those found and the others are none or enough, and those of doubtful identities not at all; marks and
-- days are
-- looked at only where they are many.
select partner.*
from {{ ref("partner__data_quality") }} as partner
inner join {{ ref("quality_measure") }} as quality using (district_code, school_year, measure)
cross join (select min_n from {{ ref("rule_set") }} where is_default) as floor
where
    quality.is_public
    and (quality.counts in ('schools', 'school months') or quality.n >= floor.min_n)
    and (
        quality.counts <> 'students'
        or (
            quality.n_found not between 1
            and floor.min_n - 1
            and quality.n - quality.n_found not between 1
            and floor.min_n - 1
        )
    )
