-- One row per student and district attended: what the district's database may hold of the student. A
-- secondary enrollment counts, a no-show does not (it is no enrollment).
with
    attended as (
        select
            person_id,
            district_code,
            max(coalesce(exit_date, date '9999-12-31')) as last_day,
            max(
                case
                    when exit_reason = 'E155'
                    then greatest(exit_date, make_date(school_year, 8, 31))
                    else coalesce(exit_date, date '9999-12-31')
                end
            ) as last_day_with_summer,
            max(struct_pack(entry_date, local_student_id)).local_student_id as local_student_id
        from {{ ref("enrollment") }}
        where vantage = 'current' and (exit_date is null or exit_date >= entry_date)
        group by all
    )

select
    attended.person_id,
    student.student_key,
    district.district,
    attended.district_code,
    attended.local_student_id,
    attended.last_day,
    attended.last_day_with_summer,
    attended.last_day_with_summer
    = max(attended.last_day_with_summer) over (partition by attended.person_id) as is_last
from attended
inner join {{ ref("student") }} as student on student.person_id = attended.person_id
inner join
    {{ source("raw", "district") }} as district
    on district.district_code = attended.district_code
    and district.kind = 'district'
