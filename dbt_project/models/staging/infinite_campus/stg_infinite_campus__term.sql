-- One row per school, school year and term: quarters inside semesters; marks post to the transcript at a
-- semester's end.
with
    sent as (select *, {{ raw_tail() }} from {{ source("raw", "infinite_campus__term") }}),
    joined as (
        select
            r.district_code,
            c.school_code,
            c.school_year,
            t.value as term_code,
            {{ term_kind("t.value") }} as term_kind,
            {{ read_date("r.term_start") }} as start_date,
            {{ read_date("r.term_end") }} as end_date,
            coalesce(r.credit_term, '0') = '1' as is_credit_bearing,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "c"]) }}
        from sent as r
        inner join
            {{ ref("base_infinite_campus__calendar") }} as c
            on r.district_code = c.district_code
            and r.calendar_id = c.calendar_id
            and not c.is_excluded
            and {{ known_together("r", "c") }}
            {{ contract_code("t", "r", "term", "term_code", "make_date(c.school_year, 6, 30)") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("term", "known") }}
