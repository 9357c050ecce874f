-- One row per cohort_year, predicting snapshot, rule_set, group, predictor, its value, lane and
-- outcome: students for whom predictor and outcome are known, and how many of them have the outcome.
-- `score` orders the values, the better one higher.
with
    predicted as (
        select
            * exclude (n),
            n,
            unnest(
                [
                    struct_pack(predictor := 'lane', predictor_value := cast(lane as varchar), score := lane),
                    {% for flag in snapshot_flag_names() -%}
                        struct_pack(
                            predictor := '{{ flag }}',
                            predictor_value := cast({{ flag }} as varchar),
                            score := cast({{ "not " if flag in validity_warnings() }}{{ flag }} as integer)
                        ){{ "," if not loop.last }}
                    {% endfor %}
                ]
            ) as predictor
        from {{ ref("validity_pattern") }}
    ),

    outcomes as (
        select
            predicted.*,
            unnest(
                [
                    {% for outcome in validity_outcomes() -%}
                        struct_pack(outcome := '{{ outcome }}', has_outcome := {{ outcome }})
                        {{- "," if not loop.last }}
                    {% endfor %}
                ]
            ) as outcome
        from predicted
        where predicted.predictor.predictor_value is not null
    )

select
    cohort_year,
    snapshot_code,
    rule_set,
    group_type,
    group_code,
    outcomes.predictor.predictor as predictor,
    outcomes.predictor.predictor_value as predictor_value,
    cast(outcomes.predictor.score as integer) as score,
    lane,
    outcomes.outcome.outcome as outcome,
    cast(sum(n) as bigint) as n,
    cast(coalesce(sum(n) filter (where outcomes.outcome.has_outcome), 0) as bigint) as n_outcome
from outcomes
where outcomes.outcome.has_outcome is not null
group by all
