{%- set j = ["a", "n", "b", "m"] -%}
{{ config(materialized="view") }}
-- One row per tier and figure of a group in table metric: how far the group is from all other students. A row
-- whose group or others are hidden shows nothing; a gap stands from n_highlight students on both sides.
with
    shown as (
        select
            pair.* exclude (numerator, denominator, other_numerator, other_denominator, suppression),
            case
                when pair.suppression = 'suppressed' or pair.other_suppression = 'suppressed'
                then 'suppressed'
                when pair.suppression = 'coded' or pair.other_suppression = 'coded'
                then 'coded'
                else 'none'
            end as suppression,
            pair.numerator,
            pair.denominator,
            pair.other_numerator,
            pair.other_denominator,
            rule_set.n_highlight,
            pair.complement_code is null as is_rest
        from {{ ref("gap_pair") }} as pair
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = pair.rule_set
    ),

    judged as (
        select
            *,
            coalesce(
                suppression = 'none' and least(denominator, other_denominator) >= n_highlight, false
            ) as is_judged
        from shown
    ),

    -- a and n: the group; b and m: all others
    sides as (
        select
            *,
            case when is_judged then numerator end as a,
            case when is_judged then denominator end as n,
            case when is_judged then other_numerator end as b,
            case when is_judged then other_denominator end as m,
            -- what is left of all students is a figure of nobody's table: it stands only where it is judged
            suppression = 'none' and (is_judged or not is_rest) as is_other_shown
        from judged
    )

select
    tier,
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
    case when suppression = 'none' then denominator end as n_group,
    case when is_other_shown then other_denominator end as n_not_group,
    case when suppression = 'none' then all_denominator end as n_all,
    case
        when suppression = 'none' then cast(numerator as double) / cast(denominator as double)
    end as rate_group,
    case
        when is_other_shown
        then cast(other_numerator as double) / cast(nullif(other_denominator, 0) as double)
    end as rate_not_group,
    case
        when suppression = 'none' then cast(all_numerator as double) / cast(all_denominator as double)
    end as rate_all,
    {{ rate_gap(*j) }} as gap_pp,
    {{ newcombe("low", *j) }} as gap_ci_low,
    {{ newcombe("high", *j) }} as gap_ci_high,
    {{ rate_gap("a", "n", "all_numerator", "all_denominator") }} as gap_all_pp,
    {{ rate_ratio(*j) }} as risk_ratio,
    {{ rate_ratio("a", "n", "all_numerator", "all_denominator") }} as index_all,
    reference_code,
    case
        when reference_denominator >= n_highlight
        then {{ rate_ratio("a", "n", "reference_numerator", "reference_denominator") }}
    end as rri,
    {{ to_parity("direction", *j) }} as to_parity,
    case
        when suppression <> 'none'
        then 'hidden'
        when coalesce(other_denominator, 0) = 0
        then 'nobody_else'
        when not is_judged
        then 'too_few'
    end as no_gap_reason,
    is_provisional,
    case when suppression = 'none' then warning end as warning,
    suppression
from sides
