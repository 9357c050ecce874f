{{ config(materialized="view") }}
-- One row per tier, cohort_year, rule_set, figure of the aim and part of the network's sum: a network
-- cohort where
-- the tier shows both figures of the whole of it, else each of its schools whose two figures stand. A
-- cohort is
-- whole while all its schools are in the network with one baseline and students in both cohorts: then its
-- figures are of the same schools on both sides, those of hidden schools with them.
with
    members as (select * from {{ ref("aim_pair") }} where is_member),

    sizes as (select entity_code, count(*) as n_schools from {{ ref("btsc_school") }} group by entity_code),

    cohorts as (
        select
            members.tier,
            members.cohort_year,
            members.rule_set,
            members.measure,
            members.goal,
            members.network,
            members.btsc_cohort,
            sizes.n_schools,
            bool_or(members.has_series_break) as has_series_break,
            min(members.baseline_cohort_year) as baseline_cohort_year
        from members
        inner join sizes on sizes.entity_code = members.btsc_cohort
        group by all
        having
            count(*) = sizes.n_schools
            and min(members.baseline_cohort_year) = max(members.baseline_cohort_year)
            and count(*) filter (
                where
                    members.not_evaluated_reason
                    in ('not_frozen', 'not_comparable', 'no_baseline', 'no_current')
            )
            = 0
    ),

    whole as (
        select
            cohorts.* exclude (n_schools, has_series_break),
            cohorts.n_schools as n_schools_compared,
            {% for figure in ("base", "current") -%}
                struct_pack(
                    rule_set := {{ figure }}_shown.rule_set,
                    numerator := {{ figure }}_shown.numerator,
                    denominator := {{ figure }}_shown.denominator
                ) as {{ figure }}_figure,
            {% endfor %}
            contains(
                concat_ws('+', base_shown.warning, current_shown.warning), 'low_coverage'
            ) as has_low_coverage,
            cohorts.has_series_break,
            contains(
                concat_ws('+', base_shown.warning, current_shown.warning), 'partial_inputs'
            ) as has_partial_inputs
        from cohorts
        {% for figure, year in (("base", "baseline_cohort_year"), ("current", "cohort_year")) -%}
            inner join
                {{ ref("aim_figure") }} as {{ figure }}_shown
                on {{ figure }}_shown.is_shown
                and {{ figure }}_shown.level = 'btsc_cohort'
                and {{ figure }}_shown.tier = cohorts.tier
                and {{ figure }}_shown.entity_code = cohorts.btsc_cohort
                and {{ figure }}_shown.cohort_year = cohorts.{{ year }}
                and {{ figure }}_shown.rule_set = cohorts.rule_set
                and {{ figure }}_shown.measure = cohorts.measure
        {% endfor %}
    )

select *
from whole
union all by name
select
    members.tier,
    members.cohort_year,
    members.rule_set,
    members.measure,
    members.goal,
    members.network,
    members.btsc_cohort,
    members.baseline_cohort_year,
    1 as n_schools_compared,
    members.base_figure,
    members.current_figure,
    members.has_low_coverage,
    members.has_series_break,
    members.has_partial_inputs
from members
anti join
    whole
    on whole.tier = members.tier
    and whole.cohort_year = members.cohort_year
    and whole.rule_set = members.rule_set
    and whole.measure = members.measure
    and whole.btsc_cohort = members.btsc_cohort
where members.is_comparable
