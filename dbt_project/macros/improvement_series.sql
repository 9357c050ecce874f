{#- Table improvement_series from the points of `figures` (columns of series_figure). Whatever a tier hides is hidden
    beforehand, so that center, limits and signals follow from shown points alone. Without `has_notes` tests of change are
    told by day and driver, not in the words of who noted them. -#}
{% macro improvement_series(figures, has_notes=true) -%}
    with
        figures as (
            select
                figure.*,
                figure.suppression <> 'none' as is_hidden,
                measure.counts,
                -- annual series need 8 points for a chart of their variation
                case
                    when
                        measure.period_kind = 'annual'
                        and count(*) filter (where figure.suppression = 'none') over (
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
                event.what || ' ' || event.day || coalesce(' (' || replace(cycle.driver, '_', ' ') || ')', '')
                {% if has_notes %} || coalesce(': ' || nullif(cycle.note, ''), '') {% endif %} as note
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
        -- a coded figure hides its numerator, not its denominator
        case
            when points.suppression <> 'suppressed'
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
        points.suppression
    from points
    left join chart on chart.series_id = points.series_id and chart.position = points.period_start
    left join
        notes
        on points.level = 'school'
        and notes.entity_code = points.entity_code
        and notes.from_date = points.from_date
        and notes.to_date = points.to_date
{%- endmacro %}


{#- Annual points of improvement_series: figures of `metric`, a tier's own table, under the default rule set. -#}
{% macro annual_series_points(metric) -%}
    select
        measure.measure_code,
        metric.level,
        metric.entity_code,
        metric.group_type,
        metric.group_code,
        make_date(metric.cohort_year - 1, 7, 1) as period_start,
        (metric.cohort_year - 1)
        || '-'
        || lpad(cast(metric.cohort_year % 100 as varchar), 2, '0') as period_label,
        metric.numerator,
        metric.denominator as n,
        metric.denominator as n_students,
        metric.is_provisional,
        metric.suppression,
        make_date(metric.cohort_year - 1, 7, 1) as from_date,
        make_date(metric.cohort_year, 6, 30) as to_date
    from {{ metric }} as metric
    inner join
        {{ ref("rule_set") }} as rule_set on rule_set.rule_set = metric.rule_set and rule_set.is_default
    inner join
        {{ ref("series_measure") }} as measure
        on measure.metric_code = metric.metric_code
        and measure.snapshot_code = metric.snapshot_code
        and measure.basis is not distinct from metric.basis
{%- endmacro %}
