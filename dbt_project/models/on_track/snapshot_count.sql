-- One row per school credited (NULL: none), cohort_year, snapshot_code, rule_set and group: counts of
-- members.
with
    counted as (
        select snapshot.*, rule_set.credit_pace_per_year
        from {{ ref("student_snapshot") }} as snapshot
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = snapshot.rule_set
        where snapshot.is_first_time_grade9
    ),

    grouped as ({{ by_group("counted") }})

select
    cohort_year,
    snapshot_code,
    school_year,
    rule_set,
    district_code,
    school_code,
    group_type,
    group_code,
    {{ count_columns(snapshot_counts()) }},
    coalesce(sum(cast(gpa as decimal(18, 12))), 0) as sum_gpa
from grouped
group by all
