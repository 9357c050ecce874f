-- Question: How do ninth graders spread over the bands of attendance, cohort by cohort?
-- Tier: public
-- Answer: One row per settled cohort: 96% and more, above 90%, above 80%, 80% and less; students counted.
-- Mind: The bands are those of the lanes' gates and add up to everybody with known attendance. They are of
-- first-time ninth graders over all their schools, not the state's chronic absenteeism (question 11).
-- The four bands are public together or not at all.
pivot (
    select cohort_year, metric_code, display, denominator
    from metric
    where
        metric_code in ('attendance_96', 'attendance_90_96', 'attendance_80_90', 'attendance_below_80')
        and snapshot_code = 'G9_EOY'
        and level = 'collaborative'
        and group_code = 'ALL'
)
on metric_code in ('attendance_96', 'attendance_90_96', 'attendance_80_90', 'attendance_below_80')
using any_value(display)
group by cohort_year, denominator
order by cohort_year
