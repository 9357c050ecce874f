{%- set snapshot_keys = [
    "cohort_year",
    "snapshot_code",
    "school_year",
    "rule_set",
    "group_type",
    "group_code",
] -%}
{%- set movement_keys = snapshot_keys + ["basis"] -%}
-- One row per metric_code, cohort_year, snapshot_code, basis, level, entity_code, group and rule_set with
-- somebody in the denominator: counts before anything is hidden.
with
    schemes as (
        select
            rule_set.rule_set,
            max(lane_name.lane) as top_lane,
            bool_or(rule_set.lane_rule_version is null) as has_lane_file
        from {{ ref("rule_set") }} as rule_set
        inner join {{ ref("lane_name") }} as lane_name on lane_name.scheme = rule_set.scheme
        group by rule_set.rule_set
    ),

    snapshot_totals as (
        {{
            entity_rollup(
                ref("snapshot_count"), snapshot_keys, snapshot_counts().keys() | list + ["sum_gpa"]
            )
        }}
    ),

    movement_totals as (
        {{ entity_rollup(ref("movement_count"), movement_keys, movement_counts().keys() | list) }}
    ),

    snapshot_cells as (
        select
            level,
            entity_code,
            parent_code,
            cast(null as varchar) as basis,
            {{ snapshot_keys | join(", ") }},
            cast(null as boolean) as has_low_coverage,
            false as is_known_tonight,
            {{ unnest_metrics(snapshot_metrics(), "snapshot_code") }} as cell
        from snapshot_totals
    ),

    movement_cells as (
        select
            level,
            entity_code,
            parent_code,
            basis,
            {{ snapshot_keys | join(", ") }},
            5 * n_both < 4 * n_members as has_low_coverage,
            false as is_known_tonight,
            {{ unnest_metrics(movement_metrics(), "basis") }} as cell
        from movement_totals
        where n_due > 0
    ),

    companion_cells as (
        select
            counted.level,
            counted.entity_code,
            counted.parent_code,
            cast(null as varchar) as basis,
            counted.school_year as cohort_year,
            'G9_EOY' as snapshot_code,
            counted.school_year,
            rule_set.rule_set,
            counted.group_type,
            counted.group_code,
            cast(null as boolean) as has_low_coverage,
            true as is_known_tonight,
            {{ unnest_metrics(companion_metrics(), "snapshot_code") }} as cell
        from {{ ref("companion_count") }} as counted
        cross join {{ ref("rule_set") }} as rule_set
    ),

    cells as (
        select *
        from snapshot_cells
        union all by name
        select *
        from movement_cells
        union all by name
        select *
        from companion_cells
    )

select
    cells.cell.metric_code as metric_code,
    cells.cohort_year,
    cells.snapshot_code,
    cells.basis,
    cells.school_year,
    cells.level,
    cells.entity_code,
    cells.parent_code,
    cells.group_type,
    cells.group_code,
    cells.rule_set,
    cells.cell.numerator as numerator,
    cells.cell.denominator as denominator,
    cells.cell.n_students as n_students,
    cells.cell.n_family as n_family,
    cast(null as double) as value,
    cells.cell.has_partial_inputs as has_partial_inputs,
    coalesce(cells.has_low_coverage, false) as has_low_coverage,
    cells.is_known_tonight
from cells
inner join schemes on schemes.rule_set = cells.rule_set
where
    cells.cell.is_carried
    and cells.cell.denominator > 0
    and not (
        cells.cell.metric_code like 'lane_dist_%'
        and right(cells.cell.metric_code, -10) > cast(schemes.top_lane as varchar)
    )
    -- a reason that only lanes from elsewhere can have
    and (cells.cell.metric_code <> 'coverage_not_in_lane_file' or schemes.has_lane_file)
union all
select
    'mean_gpa',
    cohort_year,
    snapshot_code,
    cast(null as varchar),
    school_year,
    level,
    entity_code,
    parent_code,
    group_type,
    group_code,
    rule_set,
    cast(null as bigint),
    cast(n_gpa as bigint),
    cast(n_gpa as bigint),
    'n_gpa',
    cast(sum_gpa as double) / cast(n_gpa as double),
    n_partial > 0,
    false,
    false
from snapshot_totals
where snapshot_code = 'G9_EOY' and n_gpa > 0
union all
select
    'median_gpa',
    cohort_year,
    snapshot_code,
    cast(null as varchar),
    school_year,
    level,
    entity_code,
    parent_code,
    group_type,
    group_code,
    rule_set,
    cast(null as bigint),
    n_gpa,
    n_gpa,
    'n_gpa',
    median_gpa,
    has_partial_inputs,
    false,
    false
from {{ ref("median_gpa") }}
