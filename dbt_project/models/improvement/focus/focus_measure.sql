-- One row per metric_code: the snapshot and basis at which a focus area reads it. The headline ones where the
-- metric has them; else its latest snapshot.
select metric.metric_code, metric.snapshot_code, metric.basis
from (select distinct metric_code, snapshot_code, basis, rule_set from {{ ref("partner__metric") }}) as metric
inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = metric.rule_set and rule_set.is_default
left join {{ ref("snapshot_definition") }} as snapshot on snapshot.snapshot_code = metric.snapshot_code
qualify
    row_number() over (
        partition by metric.metric_code
        order by
            metric.snapshot_code = rule_set.movement_end desc,
            metric.basis is not distinct from rule_set.movement_start desc,
            snapshot.year_offset desc,
            metric.snapshot_code,
            metric.basis
    )
    = 1
