-- Question: How many students are off track a year after grade 9, how many fell off, how many recovered?
-- Tier: public
-- Answer: One row per settled cohort, each share as shown: off track at the end of grade 10; of those on
-- track in grade 9, fell off; of those off track in grade 9, came back; moved up a lane at all.
-- Mind: Fell off and recovered have other denominators than the first column, so that they do not add up.
-- A share that is not shown at all is hidden or not public.
pivot (
    select cohort_year, metric_code, display
    from metric
    where
        basis = 'G9_EOY'
        and snapshot_code = 'G10_EOY'
        and level = 'collaborative'
        and group_code = 'ALL'
        and metric_code in ('off_track_rate_9_10', 'fell_off_rate', 'recovered_rate', 'move_up_9_10')
)
on metric_code in ('off_track_rate_9_10', 'fell_off_rate', 'recovered_rate', 'move_up_9_10')
using any_value(display)
group by cohort_year
order by cohort_year
