-- Question: Do more ninth graders move up a lane during the year than in the cohort before?
-- Tier: public
-- Answer: One row per settled cohort. change is the difference of the shares (0.01 is one point); is_clear
-- says that the two 95% intervals do not even overlap.
-- Mind: Lanes at the end of grade 9 against the end of grade 8, students with both. Who starts in the top
-- lane cannot rise. Only settled cohorts are public; a coded figure shows a bound in display and no value.
with
    cohort as (
        select cohort_year, numerator, denominator, value, ci_low, ci_high, display
        from metric
        where
            metric_code = 'movement_rate'
            and basis = 'G8_EOY'
            and snapshot_code = 'G9_EOY'
            and level = 'collaborative'
            and group_code = 'ALL'
    )
select
    cohort.cohort_year,
    cohort.numerator as moved_up,
    cohort.denominator as students,
    cohort.display,
    cohort.value - before.value as change,
    cohort.ci_low > before.ci_high or cohort.ci_high < before.ci_low as is_clear
from cohort
left join cohort as before on before.cohort_year = cohort.cohort_year - 1
order by cohort.cohort_year
