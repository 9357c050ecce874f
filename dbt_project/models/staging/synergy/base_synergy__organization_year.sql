-- One row per district, ORGANIZATION_YEAR_GU and version: the school and school year behind the GUID.
-- REV_YEAR counts by the autumn, and a summer extension (S) belongs to the school year before it.
with
    joined as (
        select
            o._district_code as district_code,
            o.organization_year_gu,
            coalesce(m.value, {{ cds_code("o._district_code", "o.state_school_code") }}) as school_code,
            {{ read_integer("y.school_year") }} + 1 as school_year,
            y.extension = 'S' as is_summer,
            {{ joint_version(["o", "y"]) }}
        from
            {{
                reference_versions(
                    source("raw", "synergy__rev_organization_year"),
                    ["_district_code", "organization_year_gu"],
                    ["year_gu", "school_code", "state_school_code"],
                )
            }} as o
        inner join
            {{
                reference_versions(
                    source("raw", "synergy__rev_year"),
                    ["_district_code", "year_gu"],
                    ["school_year", "extension"],
                )
            }} as y on o._district_code = y._district_code and o.year_gu = y.year_gu
        left join
            {{ ref("base_synergy__code") }} as m
            on o._district_code = m.district_code
            and m.map_name = 'school_code'
            and o.school_code = m.code
            and make_date({{ read_integer("y.school_year") }}, 7, 1) between m.valid_from and m.valid_to
    )
select *
from joined
where {{ was_known() }}
