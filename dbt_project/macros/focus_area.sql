{#- Table focus_area_progress from a tier's own tables `metric` and `improvement_series`: whatever the tier hides is
    hidden here, the baseline that the district stated included where `hides_baseline`. -#}
{% macro focus_area_progress(metric, series, hides_baseline) -%}
    with
        areas as (
            select * exclude (source_file_id, source_row, known_from, known_to, is_versioned)
            from {{ ref("stg_core_hub__focus_area") }}
            where known_to is null and district_code is not null
        ),

        figures as (
            select
                metric.metric_code as measure_code,
                metric.entity_code as district_code,
                metric.group_code,
                metric.school_year
                - 1
                || '-'
                || lpad(cast(metric.school_year % 100 as varchar), 2, '0') as period,
                make_date(metric.school_year - 1, 7, 1) as period_start,
                make_date(metric.school_year, 6, 30) as period_end,
                metric.value,
                metric.denominator as n,
                metric.denominator as n_students,
                metric.is_provisional,
                metric.suppression
            from {{ metric }} as metric
            inner join
                {{ ref("rule_set") }} as rule_set
                on rule_set.rule_set = metric.rule_set
                and rule_set.is_default
            inner join
                {{ ref("focus_measure") }} as measure
                on measure.metric_code = metric.metric_code
                and measure.snapshot_code = metric.snapshot_code
                and measure.basis is not distinct from metric.basis
            where metric.level = 'district'
            union all
            select
                series.measure_code,
                series.entity_code,
                series.group_code,
                series.period_label,
                series.period_start,
                -- a term is judged by the day on which a term of its code usually ends
                case
                    when measure.period_kind = 'month'
                    then last_day(series.period_start)
                    else
                        coalesce(
                            cast(
                                lead(series.period_start) over (
                                    partition by series.measure_code, series.entity_code, series.group_code
                                    order by series.period_start
                                )
                                - 1 as date
                            ),
                            series.period_start
                        )
                end,
                series.value,
                series.n,
                {{ "cast(null as bigint)" if hides_baseline else "series.n_students" }},
                {{ "false" if hides_baseline else "series.is_provisional" }},
                series.suppression
            from {{ series }} as series
            inner join {{ ref("series_measure") }} as measure on measure.measure_code = series.measure_code
            where series.level = 'district' and measure.metric_code is null
        ),

        known as (
            select metric_code as measure_code
            from {{ ref("metric_definition") }}
            union
            select measure_code
            from {{ ref("series_measure") }}
        ),

        periods as (
            select
                areas.*,
                figures.period,
                figures.period_start,
                figures.period_end,
                figures.value,
                figures.n,
                figures.n_students,
                figures.is_provisional,
                coalesce(figures.suppression, 'none') as suppression,
                known.measure_code is not null as is_known,
                student_group.group_code is not null as is_group_known
            from areas
            left join known on known.measure_code = areas.measure_code
            left join
                {{ ref("student_group") }} as student_group
                on student_group.group_type = areas.group_type
                and student_group.group_code = areas.group_code
            left join
                figures
                on figures.measure_code = areas.measure_code
                and figures.district_code = areas.district_code
                and figures.group_code = areas.group_code
                and figures.period_end >= coalesce(areas.start_date, figures.period_end)
        ),

        -- where the line from the baseline to the aim stands at the end of the period
        lined as (
            select
                *,
                case
                    when aim_date > start_date
                    then
                        baseline
                        + (aim - baseline)
                        * least(greatest(period_end - start_date, 0), aim_date - start_date)
                        / (aim_date - start_date)
                    else aim
                end as on_line,
                case when aim >= baseline then 1 else -1 end as direction
            from periods
        ),

        judged as (
            select
                lined.*,
                case
                    when not is_known
                    then 'unknown_measure'
                    when not is_group_known
                    then 'unknown_group'
                    when aim is null or baseline is null or aim_date is null or start_date is null
                    then 'no_aim'
                    when period is null
                    then 'no_figure'
                    when suppression = 'suppressed'
                    then 'hidden'
                    when value is null
                    then 'no_value'
                    when coalesce(n_students, n) < rule_set.n_highlight
                    then 'fewer_than_' || rule_set.n_highlight
                end as reason
            from lined
            inner join {{ ref("rule_set") }} as rule_set on rule_set.is_default
        )

    select
        district_code,
        focus_area_id,
        focus_area_name,
        period,
        period_start,
        period_end,
        measure_code,
        group_type,
        group_code,
        {% if hides_baseline %} case when value is not null then cast(baseline as double) end as baseline,
        {% else %} cast(baseline as double) as baseline,
        {% endif %}
        start_date,
        cast(aim as double) as aim,
        aim_date,
        value,
        n,
        {% if hides_baseline %} case when value is not null then cast(on_line as double) end as on_line,
        {% else %} cast(on_line as double) as on_line,
        {% endif %}
        case
            when reason is not null
            then 'not_evaluated'
            when direction * (value - cast(aim as double)) >= -1e-12
            then 'met'
            when direction * (value - on_line) >= -1e-12
            then 'on_line'
            else 'behind'
        end as status,
        reason as not_evaluated_reason,
        is_provisional,
        suppression
    from judged
{%- endmacro %}
