-- One row per snapshot_code, predictor, predictor_value, outcome, group and rule_set; hidden rows show
-- nothing. Not protected against differencing between predictors and outcomes: for named staff under
-- agreement.
with
    hidden as (select * from {{ ref("validity_hidden") }}),

    marked as (
        select
            figure.*,
            case
                figure.predictor_value
                when 'all'
                then hidden_total.group_code is not null
                else hidden_value.group_code is not null
            end as is_hidden,
            -- how well a predictor ranks students follows from the counts of its values, and gives them
            -- away
            hidden_value.group_code is not null as are_values_hidden,
            hidden_value.group_code is not null or hidden_lane.group_code is not null as are_lanes_hidden
        from {{ ref("validity_figure") }} as figure
        {% for alias, kind, predictor in (
                ("hidden_total", "total", "figure.predictor"),
                ("hidden_value", "value", "figure.predictor"),
                ("hidden_lane", "value", "'lane'"),
            ) -%}
            left join
                hidden as {{ alias }}
                on {{ alias }}.kind = '{{ kind }}'
                and {{ alias }}.predictor = {{ predictor }}
                and {{ alias }}.snapshot_code = figure.snapshot_code
                and {{ alias }}.rule_set = figure.rule_set
                and {{ alias }}.outcome = figure.outcome
                and {{ alias }}.group_type = figure.group_type
                and {{ alias }}.group_code = figure.group_code
        {% endfor %}
    )

select
    snapshot_code,
    predictor,
    predictor_value,
    outcome,
    group_type,
    group_code,
    rule_set,
    cast(first_cohort_year as integer) as first_cohort_year,
    cast(last_cohort_year as integer) as last_cohort_year,
    case when not is_hidden then n end as n,
    case when not is_hidden then n_outcome end as n_outcome,
    case when not is_hidden then cast(n_outcome as double) / cast(n as double) end as rate,
    case when not is_hidden then {{ wilson("low", "n_outcome", "n") }} end as ci_low,
    case when not is_hidden then {{ wilson("high", "n_outcome", "n") }} end as ci_high,
    case when not is_hidden and not are_values_hidden then auc end as auc,
    case when not is_hidden and not are_lanes_hidden then lane_auc end as lane_auc,
    case when not is_hidden and not are_values_hidden then calibration end as calibration,
    case when is_hidden then 'suppressed' else 'none' end as suppression
from marked
