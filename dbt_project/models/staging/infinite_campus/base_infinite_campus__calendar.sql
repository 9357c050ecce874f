-- One row per district, calendar and version: the school and school year behind it, and whether the state
-- sees it.
with
    joined as (
        select
            c._district_code as district_code,
            c.calendar_id,
            s.school_number as local_school_code,
            coalesce(m.value, {{ cds_code("c._district_code", "s.state_school_number") }}) as school_code,
            {{ read_integer("c.end_year") }} as school_year,
            coalesce(c.state_exclude, '0') = '1' or coalesce(s.state_exclude, '0') = '1' as is_excluded,
            {{ joint_version(["c", "s"]) }}
        from
            {{
                reference_versions(
                    source("raw", "infinite_campus__calendar"),
                    ["_district_code", "calendar_id"],
                    ["end_year", "school_number", "state_exclude"],
                )
            }} as c
        inner join
            {{
                reference_versions(
                    source("raw", "infinite_campus__school"),
                    ["_district_code", "end_year", "school_number"],
                    ["state_school_number", "state_exclude"],
                )
            }} as s
            on c._district_code = s._district_code
            and c.end_year = s.end_year
            and c.school_number = s.school_number
        left join
            {{ source("raw", "code_map") }} as m
            on c._district_code = m.district_code
            and m.map_name = 'school_code'
            and c.school_number = m.code
            and make_date(
                {{ read_integer("c.end_year") }},
                6,
                30
            ) between coalesce(cast(m.valid_from as date), date '0001-01-01') and coalesce(
                cast(m.valid_to as date), date '9999-12-31'
            )
    )
select *
from joined
where {{ was_known() }}
