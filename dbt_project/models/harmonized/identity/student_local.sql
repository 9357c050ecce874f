-- One row per vantage, district and local student id: who that is. An id that has an enrollment and no
-- student row is
-- somebody unresolved; nobody is merged on name and birth date.
with
    enrolled as (
        select distinct vantage, district_code, local_student_id
        from ({{ visible("enrollment") }}) as enrollment
    )

select
    coalesce(student.vantage, enrolled.vantage) as vantage,
    coalesce(student.district_code, enrolled.district_code) as district_code,
    coalesce(student.local_student_id, enrolled.local_student_id) as local_student_id,
    coalesce(
        student.ssid,
        coalesce(student.district_code, enrolled.district_code)
        || ':'
        || coalesce(student.local_student_id, enrolled.local_student_id)
    ) as person_id,
    case
        when student.district_code is null then 'no_ssid' else student.unresolved_reason
    end as unresolved_reason
from {{ ref("int_student") }} as student
full outer join enrolled using (vantage, district_code, local_student_id)
