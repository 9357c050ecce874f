-- One row per measure_code, level, entity_code, group and period: settled points alone, hidden ones show
-- nothing. Months and marking periods of all students; annual points are what public.metric shows.
with
    settled_points as (
        select
            point.measure_code,
            point.level,
            point.entity_code,
            'all' as group_type,
            'ALL' as group_code,
            point.period_start,
            point.period_label,
            point.numerator,
            point.n,
            cast(null as bigint) as n_students,
            false as is_provisional,
            case when point.is_shown then 'none' else 'suppressed' end as suppression,
            figure.from_date,
            figure.to_date
        from {{ ref("public_series_point") }} as point
        inner join
            {{ ref("series_figure") }} as figure
            on figure.measure_code = point.measure_code
            and figure.level = point.level
            and figure.entity_code = point.entity_code
            and figure.group_code = 'ALL'
            and figure.period_start = point.period_start
        union all by name
        select *
        from ({{ annual_series_points(ref("public__metric")) }}) as annual
        where not is_provisional
    )

-- how many students are behind days and marks is told nowhere here, nor in what words a cycle was noted
select * exclude (n_students)
from ({{ improvement_series("settled_points", has_notes=false) }}) as series
