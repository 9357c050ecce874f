{%- set keys = [
    "period_kind",
    "school_year",
    "period_start",
    "period_label",
    "group_type",
    "group_code",
] -%}
-- One row per measure_code, level, entity_code, group and period of a month or marking period with somebody
-- behind it: counts before anything is hidden. The columns after it are those by which suppression_cells
-- finds totals.
with
    totals as ({{ entity_rollup(ref("series_count"), keys, series_counts().keys() | list + ["n_open"]) }}),

    cells as (
        select
            level,
            entity_code,
            parent_code,
            {{ keys | join(", ") }},
            n_open,
            unnest(
                [
                    {% for measure in series_measures() -%}
                        struct_pack(
                            measure_code := '{{ measure.code }}',
                            kind := '{{ measure.of }}',
                            numerator := cast({{ measure.num }} as bigint),
                            n := cast({{ measure.den }} as bigint),
                            n_students := cast({{ measure.n }} as bigint),
                            n_family := '{{ measure.n }}'
                        ){{ "," if not loop.last }}
                    {% endfor %}
                ]
            ) as cell
        from totals
    )

select
    case
        when cells.period_kind = 'month'
        then cells.cell.measure_code
        else cells.cell.measure_code || '_' || replace(cells.period_kind, 'progress_', '')
    end as measure_code,
    cells.level,
    cells.entity_code,
    cells.parent_code,
    cells.group_type,
    cells.group_code,
    cells.school_year,
    cells.period_start,
    cells.period_label,
    cells.cell.numerator as numerator,
    cells.cell.n as n,
    cells.cell.n_students as n_students,
    case
        when cells.level in ('school', 'district') then cells.n_open = 0 else settled.is_settled
    end as is_settled,
    cells.cell.n_family || ' ' || cells.period_kind as n_family,
    cells.school_year as cohort_year,
    cast(cells.period_start as varchar) as snapshot_code,
    cast(null as varchar) as basis,
    rule_set.rule_set
from cells
inner join {{ ref("series_settled") }} as settled using (period_kind, school_year, period_start)
inner join {{ ref("rule_set") }} as rule_set on rule_set.is_default
where
    cells.cell.n > 0
    and cells.cell.kind = case
        when cells.period_kind = 'month'
        then 'month'
        when starts_with(cells.period_kind, 'progress')
        then 'progress'
        else 'marks'
    end
