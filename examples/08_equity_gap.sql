-- Question: Which groups of students are off track in grade 9 more often than all others, and by how much?
-- Tier: partner
-- Answer: One row per group of the latest settled cohort of the collaborative, the widest gap first. gap is
-- the
-- share of the group less that of all other students (0.05 is five points); to_parity is how many students of
-- the group would have to be on track for it to close.
-- Mind: Groups overlap, so that to_parity does not add up. A gap stands from 20 students on both sides and
-- describes; it does not say why. is_clear: the 95% interval of the gap does not hold zero.
select
    gap.group_type,
    student_group.group_name,
    gap.n_group,
    gap.rate_group,
    gap.rate_not_group,
    gap.gap_pp as gap,
    gap.gap_ci_low > 0 or gap.gap_ci_high < 0 as is_clear,
    gap.risk_ratio,
    gap.to_parity
from equity_gap as gap
inner join
    student_group on student_group.group_type = gap.group_type and student_group.group_code = gap.group_code
where
    gap.metric_code = 'vulnerable_rate'
    and gap.snapshot_code = 'G9_EOY'
    and gap.level = 'collaborative'
    and gap.rule_set = 'core5_v1'
    and gap.cohort_year = (
        select max(cohort_year)
        from metric
        where metric_code = 'vulnerable_rate' and level = 'collaborative' and not is_provisional
    )
order by gap.gap_pp desc nulls last, gap.group_type, gap.group_code
