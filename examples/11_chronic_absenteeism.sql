-- Question: How many students of each district are chronically absent, and is it getting better?
-- Tier: partner
-- Answer: One row per district and the collaborative: the share in each school year, and the change over
-- the whole span (0.01 is one point; below zero is better).
-- Mind: All grades, the state's definition: absent on 10% of the days expected there or more, more than 30
-- days expected. A student counts once at each level, so that levels do not add up. As known tonight,
-- always provisional. Districts whose periods make an absent day otherwise are not comparable (dim_district).
with
    figure as (
        select level, entity_code, entity_name, school_year, value, display
        from metric
        where
            metric_code = 'chronic_absenteeism_rate'
            and level in ('district', 'collaborative')
            and group_code = 'ALL'
            and rule_set = 'core5_v1'
    )
select
    entity_name,
    string_agg(display, '  ' order by school_year) as by_year,
    min(school_year) as first_year,
    max(school_year) as last_year,
    arg_max(value, school_year) - arg_min(value, school_year) as change
from figure
group by level, entity_code, entity_name
order by level, entity_name
