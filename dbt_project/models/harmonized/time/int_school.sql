-- One row per vantage, district, school and school year: what the rules ask of a school.
with schools as ({{ visible("school") }})

select
    schools.vantage,
    schools.district_code,
    schools.school_code,
    schools.school_year,
    bool_or({{ has_grade(8) }}) as has_grade8,
    bool_or({{ has_grade(9) }}) as has_grade9,
    bool_and(coalesce(schools.is_reporting, true)) as is_reporting
from schools
left join {{ ref("grade_level") }} as low on low.grade_level = schools.low_grade
left join {{ ref("grade_level") }} as high on high.grade_level = schools.high_grade
group by all
