-- One row per figure that the public tier speaks of: settled, default rule set, in scope by seed
-- `public_scope`.
-- Beside the year's end, figures with summer would single out those whom summer changed: they are left out.
with
    parents as (
        select level, entity_code, min(parent_code) as parent_code
        from {{ ref("metric_cell") }}
        group by level, entity_code
    ),

    counts as ({{ figure_counts() }}),

    -- one calendar for all: a period in which any figure is still provisional is public nowhere, so that a
    -- block is settled in one go and hiding in it does not change from night to night
    open_periods as (
        select distinct figure.cohort_year, figure.snapshot_code, figure.basis
        from {{ ref("metric_figure") }} as figure
        inner join
            {{ ref("rule_set") }} as rule_set on rule_set.rule_set = figure.rule_set and rule_set.is_default
        semi join {{ ref("public_scope") }} as scope on scope.metric_code = figure.metric_code
        where figure.is_provisional
        union
        -- measures of grade 8 are frozen a year before it is known who is in the cohort
        select cohort_year, snapshot_code, cast(null as varchar)
        from {{ ref("snapshot_status") }}
        where cohort_vantage is null
    ),

    -- whoever reads both tiers must not find here what the other one hides
    hidden_from_partners as (
        select cell.*
        from {{ ref("suppression_cell") }} as cell
        semi join {{ ref("metric_hidden") }} as metric_hidden on metric_hidden.cell_id = cell.cell_id
    )

select
    row_number() over (
        order by
            figure.cohort_year,
            figure.snapshot_code,
            figure.basis,
            figure.metric_code,
            figure.level,
            figure.entity_code,
            figure.group_type,
            figure.group_code
    ) as figure_id,
    figure.* exclude (is_provisional, n_family) replace (coalesce(figure.basis, '') as basis),
    definition.unit,
    parents.parent_code,
    counts.numerator_count,
    counts.denominator_count,
    scope.outcome_family,
    scope.keep_rank,
    rule_set.min_n,
    hidden_from_partners.cell_id is not null as is_hidden_from_partners
from {{ ref("metric_figure") }} as figure
inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = figure.rule_set and rule_set.is_default
inner join {{ ref("public_scope") }} as scope on scope.metric_code = figure.metric_code
inner join
    {{ ref("public_period") }} as period
    on period.snapshot_code = figure.snapshot_code
    and period.basis is not distinct from figure.basis
inner join {{ ref("metric_definition") }} as definition on definition.metric_code = figure.metric_code
inner join counts on counts.metric_code = figure.metric_code
inner join parents on parents.level = figure.level and parents.entity_code = figure.entity_code
left join
    hidden_from_partners
    on hidden_from_partners.n_family = figure.n_family
    and hidden_from_partners.cohort_year = figure.cohort_year
    and hidden_from_partners.snapshot_code = figure.snapshot_code
    and hidden_from_partners.basis is not distinct from figure.basis
    and hidden_from_partners.rule_set = figure.rule_set
    and hidden_from_partners.level = figure.level
    and hidden_from_partners.entity_code = figure.entity_code
    and hidden_from_partners.group_type = figure.group_type
    and hidden_from_partners.group_code = figure.group_code
where
    not exists (
        select 1
        from open_periods
        where
            open_periods.cohort_year = figure.cohort_year
            and open_periods.snapshot_code = figure.snapshot_code
            and open_periods.basis is not distinct from figure.basis
    )
    and (
        (figure.group_type = 'all' and {{ is_spoken_of("figure.level", "scope.all_from") }})
        or (
            figure.group_type <> 'all'
            and period.has_groups
            -- groups of network cohorts would be one more cut through the same schools
            and figure.level <> 'btsc_cohort'
            and {{ is_spoken_of("figure.level", "scope.groups_from") }}
        )
    )
    and {{ is_spoken_of("figure.level", "period.lowest_level") }}
