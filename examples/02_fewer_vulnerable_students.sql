-- Question: Do fewer ninth graders end the year at risk or vulnerable, and how many students is that?
-- Tier: public
-- Answer: One row per settled cohort: students in lanes 1 and 2 at the end of grade 9, the change in
-- students, and how many more or fewer there would have been at the rate of the cohort before.
-- Mind: The change in students also follows the size of the cohort; against_earlier_rate takes that out.
-- This rate is the off-track rate of grade 9; from grade 9 to 10 is another metric (question 3).
with
    cohort as (
        select cohort_year, numerator, denominator, value, display
        from metric
        where
            metric_code = 'vulnerable_rate'
            and snapshot_code = 'G9_EOY'
            and level = 'collaborative'
            and group_code = 'ALL'
    )
select
    cohort.cohort_year,
    cohort.numerator as vulnerable,
    cohort.denominator as students,
    cohort.display,
    cohort.numerator - before.numerator as change_in_students,
    round(cohort.numerator - before.value * cohort.denominator) as against_earlier_rate
from cohort
left join cohort as before on before.cohort_year = cohort.cohort_year - 1
order by cohort.cohort_year
