-- Question: Where do students of each starting lane end up a year later?
-- Tier: restricted
-- Answer: One row per cohort and start lane at the end of grade 8: students, and the share that ends grade 9
-- in each lane. The diagonal stays, to the right of it rises.
-- Mind: Students credited to this district with a lane at both ends; lanes are not evenly wide, and one step
-- up from lane 1 is not one step up from lane 4.
with
    cell as (
        select
            cohort_year,
            start_lane,
            end_lane,
            n,
            sum(n) over (partition by cohort_year, start_lane) as students
        from movement_matrix
        where basis = 'G8_EOY' and end_snapshot_code = 'G9_EOY' and rule_set = 'core5_v1'
    )
    pivot (select cohort_year, start_lane, students, end_lane, n / students as share from cell)
    on end_lane in (1, 2, 3, 4, 5)
using sum(share)
group by cohort_year, start_lane, students
order by cohort_year, start_lane
