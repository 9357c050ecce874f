{%- set key = ["tier", "school_code", "cohort_year", "rule_set", "measure"] -%}
-- One row per tier, school and cohort_year of aim_school, rule_set and figure of the aim: the baseline and
-- the
-- current figure that the tier shows, and the first reason why they cannot be set against each other.
with
    frozen as (
        select
            measure.rule_set,
            measure.measure,
            ended.cohort_year,
            ended.is_frozen and coalesce(started.is_frozen, measure.basis is null) as is_frozen
        from {{ ref("aim_measure") }} as measure
        inner join {{ ref("snapshot_status") }} as ended on ended.snapshot_code = measure.snapshot_code
        left join
            {{ ref("snapshot_status") }} as started
            on started.snapshot_code = measure.basis
            and started.cohort_year = ended.cohort_year
    ),

    figures as (select * from {{ ref("aim_figure") }} where level = 'school'),

    -- whether there is anybody to speak of does not depend on what a tier shows
    counted as (select entity_code, cohort_year, rule_set, measure from figures where tier = 'partner'),

    schools as (
        select tiers.tier, school.*, measure.measure, measure.goal, measure.first_offset, measure.last_offset
        from {{ ref("aim_school") }} as school
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = school.rule_set
        inner join {{ ref("aim_measure") }} as measure on measure.rule_set = school.rule_set
        inner join
            (values ('partner'), ('public')) as tiers(tier) on tiers.tier = 'partner' or rule_set.is_default
    ),

    broken as (
        select
            {% for column in key -%} schools.{{ column }}, {% endfor %}
            bool_or(
                not series_break.is_comparable
                and (
                    series_break.school_year
                    between schools.cohort_year
                    + schools.first_offset and schools.cohort_year
                    + schools.last_offset
                    or series_break.school_year
                    between schools.baseline_cohort_year
                    + schools.first_offset and schools.baseline_cohort_year
                    + schools.last_offset
                )
            ) as is_not_comparable
        from schools
        inner join
            {{ ref("series_break") }} as series_break
            on series_break.school_year
            between schools.baseline_cohort_year
            + schools.first_offset and schools.cohort_year
            + schools.last_offset
            and coalesce(series_break.district_code, schools.district_code) = schools.district_code
        group by all
    ),

    pairs as (
        select
            schools.*,
            {% for figure in ("base", "current") -%}
                struct_pack(
                    rule_set := {{ figure }}_shown.rule_set,
                    numerator := {{ figure }}_shown.numerator,
                    denominator := {{ figure }}_shown.denominator
                ) as {{ figure }}_figure,
                {{ figure }}_counted.measure is not null as has_{{ figure }},
                coalesce({{ figure }}_shown.is_shown, false) as is_{{ figure }}_shown,
                {{ figure }}_shown.suppression as {{ figure }}_suppression,
            {% endfor %}
            coalesce(frozen.is_frozen, false) as is_frozen,
            coalesce(broken.is_not_comparable, false) as is_not_comparable,
            broken.measure is not null as has_break,
            concat_ws('+', base_shown.warning, current_shown.warning) as warning
        from schools
        left join
            frozen
            on frozen.rule_set = schools.rule_set
            and frozen.measure = schools.measure
            and frozen.cohort_year = schools.cohort_year
        left join
            broken
            on {% for column in key -%}
                broken.{{ column }} = schools.{{ column }} {{ "and" if not loop.last }}
            {% endfor %}
        {% for figure, year in (
                ("base", "baseline_cohort_year"),
                ("current", "cohort_year"),
            ) -%}
            left join
                figures as {{ figure }}_shown
                on {{ figure }}_shown.tier = schools.tier
                and {{ figure }}_shown.entity_code = schools.school_code
                and {{ figure }}_shown.cohort_year = schools.{{ year }}
                and {{ figure }}_shown.rule_set = schools.rule_set
                and {{ figure }}_shown.measure = schools.measure
            left join
                counted as {{ figure }}_counted
                on {{ figure }}_counted.entity_code = schools.school_code
                and {{ figure }}_counted.cohort_year = schools.{{ year }}
                and {{ figure }}_counted.rule_set = schools.rule_set
                and {{ figure }}_counted.measure = schools.measure
        {% endfor %}
    )

select
    {% for column in key -%} pairs.{{ column }}, {% endfor %}
    pairs.network,
    pairs.btsc_cohort,
    pairs.baseline_cohort_year,
    pairs.is_member,
    pairs.goal,
    pairs.base_figure,
    pairs.current_figure,
    pairs.is_base_shown and pairs.is_current_shown and not pairs.is_not_comparable as is_comparable,
    case
        when
            (pairs.has_base and not pairs.is_base_shown) or (pairs.has_current and not pairs.is_current_shown)
        then
            case
                when
                    (not pairs.has_base or pairs.is_base_shown or pairs.base_suppression = 'coded')
                    and (
                        not pairs.has_current or pairs.is_current_shown or pairs.current_suppression = 'coded'
                    )
                then 'coded'
                else 'suppressed'
            end
        else 'none'
    end as suppression,
    case
        when not pairs.is_frozen
        then 'not_frozen'
        when pairs.is_not_comparable
        then 'not_comparable'
        when not pairs.has_base
        then 'no_baseline'
        when not pairs.has_current
        then 'no_current'
        when not pairs.is_base_shown or not pairs.is_current_shown
        then 'hidden'
        when least(pairs.base_figure.denominator, pairs.current_figure.denominator) < rule_set.n_highlight
        then 'too_few'
        when pairs.base_figure.numerator = 0
        then 'zero_baseline'
    end as not_evaluated_reason,
    contains(pairs.warning, 'low_coverage') as has_low_coverage,
    contains(pairs.warning, 'series_break') or pairs.has_break as has_series_break,
    contains(pairs.warning, 'partial_inputs') as has_partial_inputs
from pairs
inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = pairs.rule_set
