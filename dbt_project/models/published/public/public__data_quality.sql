-- One row per district, school year and measure; shares of students stand only where those found and the
-- others are 11 or more each, or none.
select quality.*
from {{ ref("partner__data_quality") }} as quality
cross join (select min_n from {{ ref("rule_set") }} where is_default) as floor
where
    quality.measure in (
        'schools_without_absence',
        'schools_without_suspension',
        'unmapped_course_share',
        'unmapped_mark_share'
    )
    or (
        quality.n >= floor.min_n
        and (
            case
                when quality.measure like '%_share' then round(quality.value * quality.n) else quality.value
            end
        )
        not between 1
        and floor.min_n - 1
        and quality.n - (
            case
                when quality.measure like '%_share' then round(quality.value * quality.n) else quality.value
            end
        )
        not between 1
        and floor.min_n - 1
    )
