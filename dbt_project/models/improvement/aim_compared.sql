{{ config(materialized="view") }}
-- One row per tier, school (NULL: the network), cohort_year, rule_set and figure of the aim: how far it has
-- moved from its baseline and whether that is what the aim asks. The network's figure is the sum over its
-- schools of that year whose baseline and current figure both stand: the same schools on both sides.
with
    network_pairs as (
        select
            pair.tier,
            cast(null as varchar) as school_code,
            pair.cohort_year,
            pair.rule_set,
            pair.measure,
            pair.goal,
            string_agg(distinct pair.network, ' and ' order by pair.network) as network,
            case
                when min(pair.baseline_cohort_year) = max(pair.baseline_cohort_year)
                then min(pair.baseline_cohort_year)
            end as baseline_cohort_year,
            count(*) filter (where pair.is_comparable) as n_schools_compared,
            {% for figure in ("base_figure", "current_figure") -%}
                struct_pack(
                    rule_set := any_value(pair.rule_set),
                    numerator
                    := cast(sum(pair.{{ figure }}.numerator) filter (where pair.is_comparable) as bigint),
                    denominator
                    := cast(sum(pair.{{ figure }}.denominator) filter (where pair.is_comparable) as bigint)
                ) as {{ figure }},
            {% endfor %}
            {% for code in ("low_coverage", "series_break", "partial_inputs") -%}
                bool_or(pair.has_{{ code }}) filter (where pair.is_comparable) as has_{{ code }},
            {% endfor %}
            bool_and(pair.not_evaluated_reason is not distinct from 'not_frozen') as is_not_frozen
        from {{ ref("aim_pair") }} as pair
        where pair.is_member
        group by pair.tier, pair.cohort_year, pair.rule_set, pair.measure, pair.goal
    ),

    pairs as (
        select
            * replace (
                case when is_member then not_evaluated_reason else 'left_network' end as not_evaluated_reason
            )
        from {{ ref("aim_pair") }}
        union all by name
        select
            network_pairs.* exclude (is_not_frozen),
            network_pairs.n_schools_compared > 0 as is_comparable,
            true as is_member,
            'none' as suppression,
            case
                when network_pairs.is_not_frozen
                then 'not_frozen'
                when network_pairs.n_schools_compared = 0
                then 'no_school'
                when
                    least(network_pairs.base_figure.denominator, network_pairs.current_figure.denominator)
                    < rule_set.n_highlight
                then 'too_few'
                when network_pairs.base_figure.numerator = 0
                then 'zero_baseline'
            end as not_evaluated_reason
        from network_pairs
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = network_pairs.rule_set
    )

select
    pairs.*,
    case
        when pairs.is_comparable then {{ aim_change("pairs.current_figure", "pairs.base_figure", "aims") }}
    end as change,
    case
        when pairs.not_evaluated_reason is null
        then {{ aim_met("pairs.goal", "pairs.current_figure", "pairs.base_figure", "aims") }}
    end as is_met
from pairs
inner join {{ ref("rule_set") }} as aims on aims.rule_set = pairs.rule_set
