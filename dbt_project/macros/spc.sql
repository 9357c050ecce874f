{#- Run charts and p-charts (section 10 of the specification) of any series: one row per point of `points` with center,
    limits, signal and is_baseline.

    `points`: series_id, position (orders the points of a series), phase, chart_type (`run` or `p`), numerator and n
    (integers; value = numerator / n), baseline_points, is_judged (false: has center and limits, but is part of no
    baseline, no run and no signal). A phase starts with its baseline: its first baseline_points points, from which the center comes and which are part of
    no run. Without that many there is no center yet.

    Comparisons are exact: a value is a fraction, the center is one (of a median between two points: their mean), and a
    point is beyond its limit if (numerator * N - n * X)^2 > 9 * X * (N - X) * n, with X / N the center. -#}
{% macro spc_chart(points, run_limits) -%}
    with
        numbered as (
            select
                series_id,
                position,
                phase,
                chart_type,
                cast(numerator as hugeint) as x,
                cast(n as hugeint) as n,
                baseline_points,
                is_judged,
                case
                    when is_judged
                    then row_number() over (partition by series_id, phase, is_judged order by position)
                end as point
            from {{ points }}
        ),

        baselines as (
            select
                series_id,
                phase,
                any_value(chart_type) as chart_type,
                sum(x) as sum_x,
                sum(n) as sum_n,
                list(
                    struct_pack(x := x, n := n) order by cast(x as double) / cast(n as double), position
                ) as sorted,
                count(*) as n_points
            from numbered
            where point <= baseline_points
            group by series_id, phase
            having count(*) = any_value(baseline_points)
        ),

        middles as (
            select *, sorted[(n_points + 1) >> 1] as low, sorted[(n_points >> 1) + 1] as high from baselines
        ),

        -- the center as the fraction center_x / center_n
        centers as (
            select
                series_id,
                phase,
                case
                    when chart_type = 'p'
                    then cast(sum_x as hugeint)
                    when low.n = high.n
                    then low.x + high.x
                    else low.x * high.n + high.x * low.n
                end as center_x,
                case
                    when chart_type = 'p'
                    then cast(sum_n as hugeint)
                    when low.n = high.n
                    then 2 * low.n
                    else 2 * low.n * high.n
                end as center_n
            from middles
        ),

        measured as (
            select
                numbered.*,
                centers.center_x,
                centers.center_n,
                coalesce(numbered.point <= numbered.baseline_points, false) as is_baseline,
                sign(numbered.x * centers.center_n - centers.center_x * numbered.n) as side,
                -- a step is taken between two points after the baseline
                case
                    when numbered.point > numbered.baseline_points + 1
                    then
                        sign(
                            numbered.x * lag(numbered.n) over in_order
                            - lag(numbered.x) over in_order * numbered.n
                        )
                end as step
            from numbered
            left join centers using (series_id, phase)
            window
                in_order as (
                    partition by numbered.series_id, numbered.phase, numbered.is_judged
                    order by numbered.position
                )
        ),

        -- a run chart passes over points on the line; on a p-chart they end a row
        sided as (
            select
                series_id,
                phase,
                position,
                side,
                coalesce(
                    side <> lag(side) over (partition by series_id, phase order by position), true
                ) as starts_run
            from measured
            where is_judged and not is_baseline and center_n is not null and (side <> 0 or chart_type = 'p')
        ),

        in_runs as (
            select
                *, count(*) filter (where starts_run) over in_order as run, count(*) over in_order as n_useful
            from sided
            window in_order as (partition by series_id, phase order by position rows unbounded preceding)
        ),

        run_lengths as (
            select *, row_number() over (partition by series_id, phase, run order by position) as length
            from in_runs
        ),

        -- likewise for ties: counted once on a run chart, no rise or fall on a p-chart
        stepped as (
            select
                series_id,
                phase,
                position,
                step,
                coalesce(
                    step <> lag(step) over (partition by series_id, phase order by position), true
                ) as starts_trend
            from measured
            where step is not null and center_n is not null and (step <> 0 or chart_type = 'p')
        ),

        in_trends as (
            select
                *,
                count(*) filter (where starts_trend) over (
                    partition by series_id, phase order by position rows unbounded preceding
                ) as trend
            from stepped
        ),

        trend_lengths as (
            select
                *,
                -- points of the trend: one more than its steps
                row_number() over (partition by series_id, phase, trend order by position) + 1 as length
            from in_trends
        )

    select
        measured.series_id,
        measured.position,
        measured.phase,
        measured.is_baseline,
        cast(measured.center_x as double) / cast(measured.center_n as double) as center,
        case when measured.chart_type = 'p' then greatest(0, {{ p_limit("-") }}) end as lower_limit,
        case when measured.chart_type = 'p' then least(1, {{ p_limit("+") }}) end as upper_limit,
        nullif(
            concat_ws(
                '+',
                case
                    when measured.chart_type = 'p' and measured.is_judged
                    then
                        case
                            when
                                (measured.x * measured.center_n - measured.center_x * measured.n)
                                * (measured.x * measured.center_n - measured.center_x * measured.n)
                                > 9 * measured.center_x * (measured.center_n - measured.center_x) * measured.n
                            then 'beyond_limit'
                        end
                end,
                case
                    when
                        run_lengths.side <> 0
                        and run_lengths.length >= case measured.chart_type when 'p' then 8 else 6 end
                    then 'shift'
                end,
                case
                    when
                        trend_lengths.step <> 0
                        and trend_lengths.length >= case measured.chart_type when 'p' then 6 else 5 end
                    then 'trend'
                end,
                case
                    when
                        measured.chart_type = 'run'
                        and not run_lengths.run between run_limit.fewest_runs and run_limit.most_runs
                    then 'runs'
                end
            ),
            ''
        ) as signal
    from measured
    left join run_lengths using (series_id, phase, position)
    left join trend_lengths using (series_id, phase, position)
    left join {{ run_limits }} as run_limit on run_limit.n_useful = run_lengths.n_useful
{%- endmacro %}

{#- pbar +/- 3 * sqrt(pbar * (1 - pbar) / n) of a point. -#}
{% macro p_limit(operator) -%}
    cast(measured.center_x as double)
    / cast(measured.center_n as double) {{ operator }} 3
    * sqrt(
        cast(measured.center_x * (measured.center_n - measured.center_x) as double)
        / cast(measured.n as double)
    )
    / cast(measured.center_n as double)
{%- endmacro %}
