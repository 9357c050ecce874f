{%- set counts = series_counts() -%}
-- One row per kind of period, school year, period, district, school and group: counts of its ninth graders.
-- A month with few school days in every school of ninth graders is no point: one day away would be a tenth.
with
    rules as (select min_month_days_exclusive from {{ ref("rule_set") }} where is_default),

    long_months as (
        select distinct days.period_id
        from {{ ref("series_school_date") }} as days
        inner join
            (select distinct period_id, school_code from {{ ref("series_enrollment") }}) as placed using (
                period_id, school_code
            )
        cross join rules
        group by days.period_id, days.school_code
        having count(*) > any_value(rules.min_month_days_exclusive)
    ),

    students as (
        select
            student.period_id,
            student.period_kind,
            student.district_code,
            student.school_code,
            student.school_year,
            local.person_id,
            days.days,
            days.absent_parts,
            rules.min_month_days_exclusive,
            mark.* exclude (period_id, district_code, local_student_id)
        from {{ ref("series_student") }} as student
        cross join rules
        left join long_months using (period_id)
        left join {{ ref("series_days") }} as days using (period_id, district_code, local_student_id)
        left join {{ ref("series_mark") }} as mark using (period_id, district_code, local_student_id)
        left join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = student.district_code
            and local.local_student_id = student.local_student_id
        where (days.days > 0 and long_months.period_id is not null) or mark.n_core > 0
    ),

    grouped as ({{ by_group("students") }})

select
    period.period_kind,
    period.school_year,
    period.period_start,
    period.period_label,
    grouped.district_code,
    grouped.school_code,
    grouped.group_type,
    grouped.group_code,
    max(case when period.is_closed then 0 else 1 end) as n_open,
    {% for name, count in counts.items() -%}
        cast({{ count }} as bigint) as {{ name }}{{ "," if not loop.last }}
    {% endfor %}
from grouped
inner join {{ ref("series_period") }} as period using (period_id)
group by all
