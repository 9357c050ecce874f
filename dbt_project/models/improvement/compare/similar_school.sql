{%- set groups = ["EL_RFEP", "SED", "SWD", "AA", "AS", "HI", "WH"] -%}
{%- set n_similar = 5 -%}
{%- set least_groups = 2 -%}
{{ config(materialized="table") }}
-- One row per tier, school and position: the schools most like it. A school is similar if its ninth-grade
-- class
-- has between two thirds and one and a half times as many students; of these the nearest stand, by the mean
-- difference between the shares of the groups that the tier shows at both schools, two groups at least.
-- Students are those of the vulnerable rate (a lane at the end of grade 9), latest cohort, default rule set.
with
    figures as (
        select figure.tier, figure.entity_code, figure.cohort_year, figure.group_code, figure.denominator
        from {{ ref("shown_figure") }} as figure
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = figure.rule_set
        where
            figure.level = 'school'
            and figure.metric_code = 'vulnerable_rate'
            and figure.snapshot_code = 'G9_EOY'
            and figure.basis is null
            and figure.is_shown
            and not figure.is_provisional
            and rule_set.is_default
        qualify figure.cohort_year = max(figure.cohort_year) over (partition by figure.tier)
    ),

    schools as (
        select
            tier,
            entity_code as school_code,
            cohort_year,
            max(denominator) filter (group_code = 'ALL') as n,
            {% for code in groups -%}
                cast(max(denominator) filter (group_code = '{{ code }}') as double)
                / cast(max(denominator) filter (group_code = 'ALL') as double) as share_{{ code }},
            {% endfor %}
        from figures
        group by tier, entity_code, cohort_year
        having max(denominator) filter (group_code = 'ALL') is not null
    ),

    pairs as (
        select
            school.tier,
            school.school_code,
            other.school_code as similar_school_code,
            school.cohort_year,
            school.n,
            other.n as similar_n,
            {% for code in groups -%}
                cast(school.share_{{ code }} - other.share_{{ code }} is not null as integer)
                {{ "+" if not loop.last }}
            {% endfor %} as n_groups,
            {% for code in groups -%}
                coalesce(abs(school.share_{{ code }} - other.share_{{ code }}), 0) {{ "+" if not loop.last }}
            {% endfor %} as difference
        from schools as school
        inner join
            schools as other
            on other.tier = school.tier
            and other.school_code <> school.school_code
            and 3 * other.n >= 2 * school.n
            and 2 * other.n <= 3 * school.n
    )

select
    tier,
    school_code,
    row_number() over (
        partition by tier, school_code order by difference / n_groups, abs(similar_n - n), similar_school_code
    ) as position,
    similar_school_code,
    cohort_year,
    n,
    similar_n,
    n_groups,
    difference / n_groups as mean_difference
from pairs
where n_groups >= {{ least_groups }}
qualify position <= {{ n_similar }}
