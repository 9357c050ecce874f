-- One row per mark: final ones from the course history, progress marks from the grading periods.
-- Text marks are mapped as they are, numeric ones by the ranges of the district's scale.
with
    sent as (
        select
            student_gu,
            organization_year_gu,
            section_gu,
            course_gu,
            term_code,
            grade,
            mark,
            credit_attempted,
            credit_completed,
            repeat_tag,
            school_non_dst_name,
            post_date,
            true as is_final,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_crs_his") }}
        union all
        select
            student_gu,
            organization_year_gu,
            section_gu,
            course_gu,
            term_code,
            grade,
            mark,
            null as credit_attempted,
            null as credit_completed,
            null as repeat_tag,
            null as school_non_dst_name,
            post_date,
            false as is_final,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_grd_prd_mk") }}
    ),
    dated as (select *, {{ read_date("post_date") }} as posted_date from sent),
    section as (
        {{-
            reference_versions(
                source("raw", "synergy__epc_sch_yr_sect"),
                ["_district_code", "section_gu"],
                ["section_id"],
                unknown_before=true,
            )
        -}}
    ),
    joined as (
        select
            r.district_code,
            s.local_student_id,
            o.school_code,
            o.school_year,
            t.value as term_code,
            case
                when r.section_gu is null then 'T-' || c.course_id || '-' || t.value else n.section_id
            end as section_id,
            c.course_id as course_code,
            c.state_course_code,
            c.course_title as course_name,
            c.is_ag,
            g.value as grade_level_taken,
            r.mark as mark_raw,
            {{ read_decimal("r.credit_attempted", "decimal(18,8)") }}
            * d.credit_multiplier as credits_attempted,
            {{ read_decimal("r.credit_completed", "decimal(18,8)") }} * d.credit_multiplier as credits_earned,
            r.is_final,
            r.posted_date,
            r.school_non_dst_name is not null as is_transfer,
            r.repeat_tag is not null as is_repeat,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "s", "o", "n", "c", "t", "g"]) }}
        from dated as r
        inner join {{ source("raw", "district") }} as d on r.district_code = d.district_code
        inner join
            {{ ref("base_synergy__student") }} as s
            on r.district_code = s.district_code
            and r.student_gu = s.student_gu
            and {{ known_together("r", "s") }}
        inner join
            {{ ref("base_synergy__organization_year") }} as o
            on r.district_code = o.district_code
            and r.organization_year_gu = o.organization_year_gu
            and {{ known_together("r", "o") }}
        left join
            section as n
            on r.district_code = n._district_code
            and r.section_gu = n.section_gu
            and {{ known_together("r", "n") }}
        left join
            {{ ref("base_synergy__course") }} as c
            on r.district_code = c.district_code
            and r.course_gu = c.course_gu
            and {{ known_together("r", "c") }}
            {{ synergy_code("t", "r", "term_code", "term_code", "make_date(o.school_year, 6, 30)") }}
            {{ synergy_code("g", "r", "grade", "grade_level", "make_date(o.school_year, 6, 30)") }}
    ),
    known as (select * from joined where {{ was_known() }}),
    marked as ({{ with_mark("known") }})
    {{ to_canonical("course_mark", "marked") }}
