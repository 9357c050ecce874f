-- One row per metric_code, cohort_year, snapshot_code, basis, level, entity_code, group and rule_set;
-- hidden rows show nothing but `*`. Not protected against differencing: for named staff under agreement.
with
    hidden as (
        select
            cell.n_family,
            cell.cohort_year,
            cell.snapshot_code,
            cell.basis,
            cell.rule_set,
            cell.level,
            cell.entity_code,
            cell.group_type,
            cell.group_code
        from {{ ref("suppression_cell") }} as cell
        semi join {{ ref("metric_hidden") }} as metric_hidden on metric_hidden.cell_id = cell.cell_id
    ),

    marked as (
        select figure.*, hidden.n_family is not null as is_hidden
        from {{ ref("metric_figure") }} as figure
        left join
            hidden
            on hidden.n_family = figure.n_family
            and hidden.cohort_year = figure.cohort_year
            and hidden.snapshot_code = figure.snapshot_code
            and hidden.basis is not distinct from figure.basis
            and hidden.rule_set = figure.rule_set
            and hidden.level = figure.level
            and hidden.entity_code = figure.entity_code
            and hidden.group_type = figure.group_type
            and hidden.group_code = figure.group_code
    )

select
    metric_code,
    school_year,
    cohort_year,
    snapshot_code,
    basis,
    level,
    entity_code,
    entity_name,
    group_type,
    group_code,
    rule_set,
    case when not is_hidden then numerator end as numerator,
    case when not is_hidden then denominator end as denominator,
    case when not is_hidden then value end as value,
    case when not is_hidden then ci_low end as ci_low,
    case when not is_hidden then ci_high end as ci_high,
    case when is_hidden then '*' else display end as display,
    is_provisional,
    case when is_hidden then 'suppressed' else 'none' end as suppression,
    case when not is_hidden then warning end as warning
from marked
