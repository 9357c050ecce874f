{{ config(materialized="view") }}
-- One row per figure of table `metric`, before anything is hidden: value, interval, display, warnings.
with
    settled as (select cohort_year, snapshot_code, school_year, is_frozen from {{ ref("snapshot_status") }}),

    breaks as (
        select distinct
            cell.cohort_year,
            cell.snapshot_code,
            cell.basis,
            series_break.district_code as broken_district_code
        from
            (
                select distinct cohort_year, snapshot_code, basis, school_year from {{ ref("metric_cell") }}
            ) as cell
        left join {{ ref("snapshot_definition") }} as started on started.snapshot_code = cell.basis
        inner join
            {{ ref("series_break") }} as series_break
            on series_break.school_year
            between coalesce(cell.cohort_year + started.year_offset, cell.school_year) and cell.school_year
    ),

    figures as (
        select
            cell.*,
            definition.unit,
            case
                when definition.unit = 'count'
                then cast(cell.numerator as double)
                else coalesce(cell.value, cast(cell.numerator as double) / cast(cell.denominator as double))
            end as figure,
            ended.is_frozen
            and coalesce(started.is_frozen, cell.basis is null)
            and not cell.is_known_tonight as is_settled,
            exists (
                select 1
                from breaks
                where
                    breaks.cohort_year = cell.cohort_year
                    and breaks.snapshot_code = cell.snapshot_code
                    and breaks.basis is not distinct from cell.basis
                    and (
                        breaks.broken_district_code is null
                        or breaks.broken_district_code = cell.entity_code
                        or breaks.broken_district_code = cell.parent_code
                    )
            ) as has_series_break
        from {{ ref("metric_cell") }} as cell
        inner join {{ ref("metric_definition") }} as definition on definition.metric_code = cell.metric_code
        inner join
            settled as ended
            on ended.cohort_year = cell.cohort_year
            and ended.snapshot_code = cell.snapshot_code
        left join
            settled as started
            on started.cohort_year = cell.cohort_year
            and started.snapshot_code = cell.basis
    )

select
    figures.metric_code,
    cast(figures.school_year as integer) as school_year,
    cast(figures.cohort_year as integer) as cohort_year,
    figures.snapshot_code,
    figures.basis,
    figures.level,
    figures.entity_code,
    entity.entity_name,
    figures.group_type,
    figures.group_code,
    figures.rule_set,
    figures.numerator,
    figures.denominator,
    figures.figure as value,
    case
        when figures.unit = 'rate' then {{ wilson("low", "figures.numerator", "figures.denominator") }}
    end as ci_low,
    case
        when figures.unit = 'rate' then {{ wilson("high", "figures.numerator", "figures.denominator") }}
    end as ci_high,
    {{ display_figure("figures.unit", "figures.numerator", "figures.denominator", "figures.figure") }}
    as display,
    not coalesce(figures.is_settled, false) as is_provisional,
    nullif(
        concat_ws(
            '+',
            case when figures.has_low_coverage then 'low_coverage' end,
            case when figures.has_series_break then 'series_break' end,
            case when figures.has_partial_inputs then 'partial_inputs' end
        ),
        ''
    ) as warning,
    figures.n_family
from figures
left join
    {{ ref("entity") }} as entity on entity.level = figures.level and entity.entity_code = figures.entity_code
