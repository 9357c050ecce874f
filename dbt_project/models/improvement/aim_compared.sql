{{ config(materialized="view") }}
-- One row per tier, school (NULL: the network), cohort_year, rule_set and figure of the aim: how far it has
-- moved from its baseline and whether that is what the aim asks. The network's figure is the sum of its parts
-- in aim_unit.
with
    networks as (
        select
            tier,
            cohort_year,
            rule_set,
            measure,
            goal,
            string_agg(distinct network, ' and ' order by network) as network,
            case
                when min(baseline_cohort_year) = max(baseline_cohort_year) then min(baseline_cohort_year)
            end as baseline_cohort_year,
            bool_and(not_evaluated_reason is not distinct from 'not_frozen') as is_not_frozen
        from {{ ref("aim_pair") }}
        where is_member
        group by all
    ),

    sums as (
        select
            tier,
            cohort_year,
            rule_set,
            measure,
            cast(sum(n_schools_compared) as bigint) as n_schools_compared,
            {% for figure in ("base_figure", "current_figure") -%}
                struct_pack(
                    rule_set := any_value({{ figure }}.rule_set),
                    numerator := cast(sum({{ figure }}.numerator) as bigint),
                    denominator := cast(sum({{ figure }}.denominator) as bigint)
                ) as {{ figure }},
            {% endfor %}
            {% for code in ("low_coverage", "series_break", "partial_inputs") -%}
                bool_or(has_{{ code }}) as has_{{ code }}{{ "," if not loop.last }}
            {% endfor %}
        from {{ ref("aim_unit") }}
        group by tier, cohort_year, rule_set, measure
    ),

    network_pairs as (
        select
            networks.*,
            cast(null as varchar) as school_code,
            coalesce(sums.n_schools_compared, 0) as n_schools_compared,
            sums.base_figure,
            sums.current_figure,
            coalesce(sums.has_low_coverage, false) as has_low_coverage,
            coalesce(sums.has_series_break, false) as has_series_break,
            coalesce(sums.has_partial_inputs, false) as has_partial_inputs
        from networks
        left join
            sums
            on sums.tier = networks.tier
            and sums.cohort_year = networks.cohort_year
            and sums.rule_set = networks.rule_set
            and sums.measure = networks.measure
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
