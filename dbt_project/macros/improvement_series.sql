{#- Table improvement_series from the points of `figures` (columns of series_figure). Whatever a tier hides is hidden
    beforehand, so that center, limits and signals follow from shown points alone. -#}
{% macro improvement_series(figures) -%}
    with
        figures as (
            select
                figure.*,
                measure.counts,
                -- annual series need 8 points for a chart of their variation
                case
                    when
                        measure.period_kind = 'annual'
                        and count(*) filter (where not figure.is_hidden) over (
                            partition by
                                figure.measure_code,
                                figure.level,
                                figure.entity_code,
                                figure.group_type,
                                figure.group_code
                        )
                        < 8
                    then 'values'
                    else measure.chart_type
                end as chart_type,
                rule_set.baseline_points
            from {{ figures }} as figure
            inner join {{ ref("series_measure") }} as measure on measure.measure_code = figure.measure_code
            inner join {{ ref("rule_set") }} as rule_set on rule_set.is_default
        ),

        decided as (
            select
                figures.measure_code, figures.level, figures.entity_code, figures.period_start, count(*) as n
            from (select distinct measure_code, level, entity_code, period_start from figures) as figures
            inner join
                {{ ref("series_rebaseline") }} as decision
                on decision.measure_code = figures.measure_code
                and decision.level = figures.level
                and decision.entity_code = figures.entity_code
                and decision.starts_on <= figures.period_start
            group by all
        ),

        points as (
            select
                figures.*,
                dense_rank() over (
                    order by
                        figures.measure_code,
                        figures.level,
                        figures.entity_code,
                        figures.group_type,
                        figures.group_code
                ) as series_id,
                cast(1 + coalesce(decided.n, 0) as integer) as phase
            from figures
            left join decided using (measure_code, level, entity_code, period_start)
        ),

        charted as (
            select
                series_id,
                period_start as position,
                phase,
                chart_type,
                numerator,
                n,
                baseline_points,
                not is_provisional as is_judged
            from points
            where not is_hidden and chart_type <> 'values'
        ),

        chart as ({{ spc_chart("charted", ref("run_limit")) }}),

        cycles as (
            select
                cycle.school_code,
                cycle.pdsa_cycle_id,
                event.day,
                event.what
                || ' '
                || event.day
                || coalesce(' (' || replace(cycle.driver, '_', ' ') || ')', '')
                || coalesce(': ' || nullif(cycle.note, ''), '') as note
            from
                (
                    select *
                    from {{ ref("stg_core_hub__pdsa_cycle") }}
                    where known_to is null and school_code is not null
                ) as cycle
            cross join
                lateral(
                    select
                        unnest(
                            [
                                struct_pack(what := 'start', day := cycle.start_date),
                                struct_pack(what := 'end', day := cycle.end_date)
                            ]
                        ) as event
                ) as events
            where event.day is not null
        ),

        notes as (
            select
                points.entity_code,
                points.from_date,
                points.to_date,
                string_agg(cycles.note, '; ' order by cycles.day, cycles.pdsa_cycle_id) as pdsa_note
            from
                (select distinct entity_code, from_date, to_date from points where level = 'school') as points
            inner join
                cycles
                on cycles.school_code = points.entity_code
                and cycles.day between points.from_date and points.to_date
            group by all
        )

    select
        points.measure_code,
        points.level,
        points.entity_code,
        points.group_type,
        points.group_code,
        points.period_start,
        points.period_label,
        case
            when not points.is_hidden
            then cast(points.numerator as double) / case points.counts when 'days' then 2520 else 1 end
        end as numerator,
        case
            when not points.is_hidden
            then cast(points.n / case points.counts when 'days' then 2520 else 1 end as bigint)
        end as n,
        case when not points.is_hidden then cast(points.n_students as bigint) end as n_students,
        case
            when not points.is_hidden then cast(points.numerator as double) / cast(points.n as double)
        end as value,
        points.chart_type,
        chart.center,
        case
            when points.chart_type = 'values' and not points.is_hidden
            then {{ wilson("low", "points.numerator", "points.n") }}
            else chart.lower_limit
        end as lower_limit,
        case
            when points.chart_type = 'values' and not points.is_hidden
            then {{ wilson("high", "points.numerator", "points.n") }}
            else chart.upper_limit
        end as upper_limit,
        chart.signal,
        points.phase,
        coalesce(chart.is_baseline, false) as is_baseline,
        notes.pdsa_note,
        points.is_provisional,
        case when points.is_hidden then 'suppressed' else 'none' end as suppression
    from points
    left join chart on chart.series_id = points.series_id and chart.position = points.period_start
    left join
        notes
        on points.level = 'school'
        and notes.entity_code = points.entity_code
        and notes.from_date = points.from_date
        and notes.to_date = points.to_date
{%- endmacro %}
