{%- set keys = [
    "tier",
    "metric_code",
    "cohort_year",
    "snapshot_code",
    "basis",
    "rule_set",
    "level",
    "entity_code",
] -%}
{{ config(materialized="view") }}
-- One row per tier, metric, entity (collaborative, district or network cohort), cohort_year, rule_set and
-- school
-- of n_highlight students or more whose figure of all students the tier shows: counts of the school and of
-- all
-- such schools of the entity together.
with
    schools as (
        select
            figure.tier,
            figure.metric_code,
            figure.school_year,
            figure.cohort_year,
            figure.snapshot_code,
            figure.basis,
            figure.rule_set,
            figure.entity_code as school_code,
            figure.entity_name as school_name,
            figure.is_provisional,
            figure.numerator as x,
            figure.denominator as n
        from {{ ref("shown_figure") }} as figure
        inner join {{ ref("judged_metric") }} as judged on judged.metric_code = figure.metric_code
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = figure.rule_set
        where
            figure.level = 'school'
            and figure.group_code = 'ALL'
            and figure.is_shown
            and figure.denominator >= rule_set.n_highlight
    ),

    placed as (
        select schools.*, 'collaborative' as level, 'CORE' as entity_code
        from schools
        union all
        select schools.*, 'district', school.district_code
        from schools
        inner join {{ ref("partner__dim_school") }} as school on school.school_code = schools.school_code
        union all
        select schools.*, 'btsc_cohort', btsc_school.entity_code
        from schools
        inner join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = schools.school_code
    )

select
    *,
    cast(count(*) over (entity_rows) as bigint) as n_schools,
    cast(sum(x) over (entity_rows) as bigint) as entity_x,
    cast(sum(n) over (entity_rows) as bigint) as entity_n
from placed
window entity_rows as (partition by {{ keys | join(", ") }})
