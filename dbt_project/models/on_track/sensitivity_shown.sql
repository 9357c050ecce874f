{%- set cell = ["metric_code", "level", "entity_code", "cohort_year", "choice"] -%}
-- One row per figure of sensitivity_figure: may it be shown in the partner tier? The default figure
-- must stand in partner.metric, and so must the figure under the choice where that table has it
-- (another rule set, summer, the other denominators). Elsewhere its denominator is 11 or more and that
-- of the default, or more than 10 away from it, and the schools of a district (and the districts) stand
-- together or not at all: a difference of a few students must not be left when those shown are taken
-- from their total.
with
    stands as (
        select metric_code, snapshot_code, basis, level, entity_code, cohort_year, rule_set
        from {{ ref("partner__metric") }}
        where group_code = 'ALL' and suppression = 'none'
    ),

    named as (
        select
            figure.*,
            coalesce(choice.rule_set, default_set.rule_set) as rule_set,
            default_set.rule_set as default_rule_set,
            default_set.min_n - 1 as max_small,
            figure.denominator - figure.default_denominator as n_more,
            case
                when choice.denominator = 'whole_cohort'
                then 'coverage'
                when choice.denominator = 'below_top'
                then 'movement_rate_x5'
                when choice.rule_set is not null
                then figure.metric_code
                when
                    choice.grade9_snapshot = 'G9_EOYS' and figure.metric_code in ('movement_rate', 'coverage')
                then figure.metric_code
            end as published_code,
            -- the denominator of the whole cohort is that of coverage, up to the same end
            case
                when choice.denominator = 'whole_cohort' and figure.basis is null
                then 'G8_EOY'
                else figure.basis
            end as published_basis
        from {{ ref("sensitivity_figure") }} as figure
        inner join {{ ref("sensitivity_choice") }} as choice on choice.choice = figure.choice
        inner join {{ ref("rule_set") }} as default_set on default_set.is_default
    ),

    siblings as (
        select
            metric_code,
            level,
            parent_code,
            cohort_year,
            choice,
            sum(n_more) as n_more,
            bool_or(abs(n_more) between 1 and max_small) as is_any_near
        from named
        where parent_code is not null
        group by all
    ),

    judged as (
        select
            named.*,
            stands.metric_code is not null
            and named.default_denominator > named.max_small as is_default_shown,
            case
                when named.published_code is not null
                then published.metric_code is not null
                else
                    abs(named.n_more) not between 1
                    and named.max_small
                    and not coalesce(siblings.is_any_near, false)
                    -- students credited to no part are one more part
                    and abs(coalesce(parent.n_more - siblings.n_more, 0)) not between 1
                    and named.max_small
            end
            and named.denominator > named.max_small as is_choice_shown
        from named
        left join
            stands
            on stands.metric_code = named.metric_code
            and stands.snapshot_code = named.default_snapshot_code
            and stands.basis is not distinct from named.basis
            and stands.level = named.level
            and stands.entity_code = named.entity_code
            and stands.cohort_year = named.cohort_year
            and stands.rule_set = named.default_rule_set
        left join
            stands as published
            on published.metric_code = named.published_code
            and published.snapshot_code = named.snapshot_code
            and published.basis is not distinct from named.published_basis
            and published.level = named.level
            and published.entity_code = named.entity_code
            and published.cohort_year = named.cohort_year
            and published.rule_set = named.rule_set
        left join
            siblings
            on siblings.metric_code = named.metric_code
            and siblings.level = named.level
            and siblings.parent_code = named.parent_code
            and siblings.cohort_year = named.cohort_year
            and siblings.choice = named.choice
        left join
            named as parent
            on parent.metric_code = named.metric_code
            and parent.level = case named.level when 'school' then 'district' else 'collaborative' end
            and parent.entity_code = named.parent_code
            and parent.cohort_year = named.cohort_year
            and parent.choice = named.choice
    )

select {{ cell | join(", ") }}, rule_set, is_default_shown and is_choice_shown as is_shown
from judged
