-- Question: Which measures changed over time in a way that chance does not explain, and where?
-- Tier: partner
-- Answer: One row per measure and district or collaborative whose chart gives a signal: how many points of
-- the
-- chart do, when the latest one was, its value beside the center line, and whether that is the better side.
-- Mind: Settled points of all students. A shift is several points in a row on one side of the center; a trend
-- alone is advisory. A signal says that something changed, not what; a new baseline is a recorded decision.
with
    point as (
        select
            series.*,
            measure.name,
            measure.direction,
            row_number() over (
                partition by series.measure_code, series.level, series.entity_code
                order by series.period_start desc
            ) as from_last
        from improvement_series as series
        inner join series_measure as measure on measure.measure_code = series.measure_code
        where
            series.level in ('collaborative', 'district')
            and series.group_code = 'ALL'
            and series.signal is not null
            and not series.is_provisional
    )
select
    last.name as measure,
    coalesce(dim_district.district_name, 'CORE Districts') as place,
    count(*) as points_with_signal,
    any_value(last.period_label) filter (last.from_last = 1) as latest,
    any_value(last.signal) filter (last.from_last = 1) as signal,
    any_value(last.value) filter (last.from_last = 1) as value,
    any_value(last.center) filter (last.from_last = 1) as center,
    bool_or((last.value > last.center) = (last.direction = 'higher_is_better')) filter (
        last.from_last = 1
    ) as is_better
from point as last
left join dim_district on dim_district.district_code = last.entity_code
group by last.measure_code, last.name, last.level, last.entity_code, dim_district.district_name
order by last.name, place
