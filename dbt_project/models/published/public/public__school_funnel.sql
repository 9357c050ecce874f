-- One row per metric_code, cohort_year, snapshot_code, basis, rule_set, entity (level, entity_code) and
-- school: on
-- which side of the entity's funnel limits the school stands.
select
    metric_code,
    school_year,
    cohort_year,
    snapshot_code,
    basis,
    rule_set,
    level,
    entity_code,
    school_code,
    school_name,
    n,
    value,
    mean_rate,
    lower_95,
    upper_95,
    position_95,
    lower_998,
    upper_998,
    position_998,
    is_provisional
from {{ ref("funnel_position") }}
where tier = 'public'
