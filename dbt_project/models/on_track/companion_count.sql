-- One row per level, entity_code, school_year and group: counts of students behind the state-aligned
-- companions, each student once per level. They are of tonight, whatever the rule set.
with counted as ({{ companion_members(ref("companion_student")) }}), grouped as ({{ by_group("counted") }})

select
    level,
    entity_code,
    min(parent_code) as parent_code,
    school_year,
    group_type,
    group_code,
    {{ count_columns(companion_counts()) }}
from grouped
group by level, entity_code, school_year, group_type, group_code
