-- One row per school and school year: the regular organization years.
with
    sent as (select *, {{ raw_tail() }} from {{ source("raw", "synergy__rev_organization_year") }}),
    joined as (
        select
            r.district_code,
            o.school_code,
            o.school_year,
            r.school_code as local_school_code,
            r.organization_name as school_name,
            t.value as school_type,
            low.value as low_grade,
            high.value as high_grade,
            coalesce(r.exclude_reporting, 'N') <> 'Y' as is_reporting,
            {{ read_integer("r.staff_count") }} as staff_count,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "o", "t", "low", "high"]) }}
        from sent as r
        inner join
            {{ ref("base_synergy__organization_year") }} as o
            on r.district_code = o.district_code
            and r.organization_year_gu = o.organization_year_gu
            and {{ known_together("r", "o") }}
            {{ synergy_code("t", "r", "school_type", "school_type", "make_date(o.school_year, 6, 30)") }}
            {{ synergy_code("low", "r", "low_grade", "grade_level", "make_date(o.school_year, 6, 30)") }}
            {{ synergy_code("high", "r", "high_grade", "grade_level", "make_date(o.school_year, 6, 30)") }}
        where not o.is_summer
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("school", "known") }}
