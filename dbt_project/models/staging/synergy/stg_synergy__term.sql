-- One row per school, school year and term; summer terms come from the summer extension of the year.
with
    sent as (select *, {{ raw_tail() }} from {{ source("raw", "synergy__epc_sch_yr_trm_def") }}),
    joined as (
        select
            r.district_code,
            o.school_code,
            o.school_year,
            t.value as term_code,
            {{ term_kind("t.value") }} as term_kind,
            {{ read_date("r.start_date") }} as start_date,
            {{ read_date("r.end_date") }} as end_date,
            coalesce(r.credit_term, 'N') = 'Y' as is_credit_bearing,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "o", "t"]) }}
        from sent as r
        inner join
            {{ ref("base_synergy__organization_year") }} as o
            on r.district_code = o.district_code
            and r.organization_year_gu = o.organization_year_gu
            and {{ known_together("r", "o") }}
            {{ synergy_code("t", "r", "term_code", "term_code", "make_date(o.school_year, 6, 30)") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("term", "known") }}
