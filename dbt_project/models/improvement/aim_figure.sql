{{ config(materialized="view") }}
-- One row per tier, school or network cohort, cohort_year, rule_set and figure of the aim: frozen figures of
-- all students, as far as the tier shows them.
select figure.*, measure.measure
from {{ ref("shown_figure") }} as figure
inner join
    {{ ref("aim_measure") }} as measure
    on measure.rule_set = figure.rule_set
    and measure.metric_code = figure.metric_code
    and measure.snapshot_code = figure.snapshot_code
    and measure.basis is not distinct from figure.basis
where figure.level in ('school', 'btsc_cohort') and figure.group_code = 'ALL' and not figure.is_provisional
