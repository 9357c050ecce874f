{%- set counts = series_counts() -%}
-- One row per kind of period, school year, period, district, school and group: counts of its ninth graders.
with
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
            mark.* exclude (period_id, district_code, local_student_id)
        from {{ ref("series_student") }} as student
        left join {{ ref("series_days") }} as days using (period_id, district_code, local_student_id)
        left join {{ ref("series_mark") }} as mark using (period_id, district_code, local_student_id)
        left join
            {{ ref("student_local") }} as local
            on local.vantage = 'current'
            and local.district_code = student.district_code
            and local.local_student_id = student.local_student_id
        where days.days > 0 or mark.n_core > 0
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
