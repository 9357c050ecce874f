-- One row per cohort_year, level, entity_code, group and rule_set: median GPA of the ninth-grade year. A
-- median does not add up, so it is taken at each level from the students.
with
    counted as (
        select
            person_id,
            cohort_year,
            snapshot_code,
            school_year,
            rule_set,
            district_code,
            school_code,
            gpa,
            len(partial_inputs) > 0 as is_partial
        from {{ ref("student_snapshot") }}
        where is_first_time_grade9 and snapshot_code = 'G9_EOY' and gpa is not null
    ),

    grouped as ({{ by_group("counted") }}),

    entities as (
        select
            'collaborative' as level, 'CORE' as entity_code, cast(null as varchar) as parent_code, grouped.*
        from grouped
        union all
        select 'district', district_code, 'CORE', grouped.*
        from grouped
        where district_code is not null
        union all
        select 'school', school_code, district_code, grouped.*
        from grouped
        where school_code is not null
        union all
        select 'btsc_cohort', btsc_school.entity_code, null, grouped.*
        from grouped
        inner join {{ ref("btsc_school") }} as btsc_school on btsc_school.school_code = grouped.school_code
    )

select
    level,
    entity_code,
    min(parent_code) as parent_code,
    cohort_year,
    snapshot_code,
    school_year,
    rule_set,
    group_type,
    group_code,
    count(*) as n_gpa,
    {{ gpa_metrics()["median_gpa"] }} as median_gpa,
    bool_or(is_partial) as has_partial_inputs
from entities
group by level, entity_code, cohort_year, snapshot_code, school_year, rule_set, group_type, group_code
