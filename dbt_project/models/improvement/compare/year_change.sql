{%- set j = [
    "current.numerator",
    "current.denominator",
    "base.numerator",
    "base.denominator",
] -%}
{{ config(materialized="view") }}
-- One row per tier and figure of the aim (table aim_measure) that stands beside the same figure of the cohort
-- before: how far it moved, and whether by more than chance. Both figures are shown by the tier.
with
    figures as (
        select figure.*
        from {{ ref("shown_figure") }} as figure
        inner join
            {{ ref("aim_measure") }} as measure
            on measure.rule_set = figure.rule_set
            and measure.metric_code = figure.metric_code
            and measure.snapshot_code = figure.snapshot_code
            and measure.basis is not distinct from figure.basis
        where figure.is_shown
    ),

    compared as (
        select
            current.tier,
            current.metric_code,
            current.school_year,
            current.cohort_year,
            current.snapshot_code,
            current.basis,
            current.level,
            current.entity_code,
            current.entity_name,
            current.group_type,
            current.group_code,
            current.rule_set,
            current.direction,
            cast(current.numerator as double) / cast(current.denominator as double) as value,
            current.denominator as n,
            cast(base.numerator as double) / cast(base.denominator as double) as value_before,
            base.denominator as n_before,
            case {{ refuse_two_rule_sets("current", "base") }} else {{ rate_gap(*j) }} end as change,
            {{ newcombe("low", *j) }} as change_ci_low,
            {{ newcombe("high", *j) }} as change_ci_high,
            {% for code in ("low_coverage", "series_break", "partial_inputs") -%}
                coalesce(
                    contains(concat_ws('+', current.warning, base.warning), '{{ code }}'), false
                ) as {{ code }},
            {% endfor %}
            current.is_provisional or base.is_provisional as is_provisional
        from figures as current
        inner join
            figures as base
            on base.cohort_year = current.cohort_year - 1
            and base.basis is not distinct from current.basis
            {% for column in (
                "tier",
                "metric_code",
                "snapshot_code",
                "level",
                "entity_code",
                "group_type",
                "group_code",
                "rule_set",
            ) -%} and base.{{ column }} = current.{{ column }} {% endfor %}
    )

select
    * exclude (direction, low_coverage, series_break, partial_inputs, is_provisional),
    case
        when change_ci_low <= 0 and change_ci_high >= 0
        then 'no_clear_change'
        when (change > 0) = (direction = 'higher_is_better')
        then 'better'
        else 'worse'
    end as verdict,
    is_provisional,
    {{ warnings("low_coverage", "series_break", "partial_inputs") }} as warning
from compared
