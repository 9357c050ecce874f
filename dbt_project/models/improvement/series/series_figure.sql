-- One row per measure_code, level, entity_code, group and period: every point of the partner tier's series
-- with what it hides already hidden. Months and marking periods are of students enrolled in grade 9;
-- annual points are rows of partner.metric under the default rule set, by cohort year.
with
    period_spans as (
        select period_kind, period_start, district_code, min(from_date) as from_date, max(to_date) as to_date
        from {{ ref("series_period") }}
        group by all
    ),

    in_year as (
        select
            cell.measure_code,
            cell.level,
            cell.entity_code,
            cell.group_type,
            cell.group_code,
            cell.period_start,
            cell.period_label,
            cell.numerator,
            cell.n,
            cell.n_students,
            not cell.is_settled as is_provisional,
            case when hidden.cell_id is null then 'none' else 'suppressed' end as suppression,
            spans.from_date,
            spans.to_date
        from {{ ref("series_cell") }} as cell
        inner join
            {{ ref("series_suppression_cell") }} as numbered
            on numbered.n_family = cell.n_family
            and numbered.cohort_year = cell.cohort_year
            and numbered.snapshot_code = cell.snapshot_code
            and numbered.level = cell.level
            and numbered.entity_code = cell.entity_code
            and numbered.group_type = cell.group_type
            and numbered.group_code = cell.group_code
        inner join {{ ref("series_measure") }} as measure on measure.measure_code = cell.measure_code
        left join {{ ref("series_hidden") }} as hidden on hidden.cell_id = numbered.cell_id
        left join
            period_spans as spans
            on spans.period_kind = measure.period_kind
            and spans.period_start = cell.period_start
            and cell.level = 'school'
            and spans.district_code = cell.parent_code
    ),

    annual as ({{ annual_series_points(ref("partner__metric")) }})

select *
from in_year
union all
select *
from annual
