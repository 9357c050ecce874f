-- One row per level, entity_code, school_year and group: counts of students behind the state-aligned
-- companions, each student once per level. They are of tonight, whatever the rule set; cut points are those
-- of the default one.
with
    rules as (select min_days_exclusive, chronic_cut from {{ ref("rule_set") }} where is_default),

    counted as (
        select
            student.*,
            student.is_attendance_known
            and student.expected_parts > 2520 * rules.min_days_exclusive as has_enough_days,
            student.absent_parts >= rules.chronic_cut * student.expected_parts as is_chronic
        from {{ ref("companion_student") }} as student
        cross join rules
    ),

    grouped as ({{ by_group("counted") }})

select
    level,
    entity_code,
    min(parent_code) as parent_code,
    school_year,
    group_type,
    group_code,
    count(*) as n_cumulative,
    count(*) filter (is_census) as n_census,
    count(*) filter (starts_in_year) as n_adjusted,
    count(*) filter (is_stable) as n_stable,
    count(*) filter (has_changed_school) as n_moved,
    count(*) filter (has_enough_days) as n_attending,
    count(*) filter (has_enough_days and is_chronic) as n_chronic,
    count(*) filter (not is_attendance_known) as n_attendance_unknown,
    count(*) filter (is_discipline_known) as n_discipline,
    count(*) filter (is_discipline_known and n_suspensions > 0) as n_suspended,
    count(*) filter (is_discipline_known and n_suspensions > 0 and suspension_days >= 1) as n_suspended_day,
    count(*) filter (not is_discipline_complete) as n_discipline_unknown
from grouped
group by level, entity_code, school_year, group_type, group_code
