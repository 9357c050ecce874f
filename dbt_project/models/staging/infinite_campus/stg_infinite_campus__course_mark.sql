-- One row per mark: final ones from the transcript, progress marks from the grades of the quarters.
-- Credits are Carnegie units here; the district's multiplier makes them California credits.
with
    sent as (
        select
            end_year,
            person_id,
            calendar_id,
            section_id,
            course_id,
            term,
            grade,
            score,
            credits_attempted,
            credits_earned,
            repeat,
            transfer,
            post_date,
            true as is_final,
            {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__transcript") }}
        union all
        select
            end_year,
            person_id,
            calendar_id,
            section_id,
            null as course_id,
            term,
            grade,
            score,
            null as credits_attempted,
            null as credits_earned,
            null as repeat,
            null as transfer,
            post_date,
            false as is_final,
            {{ raw_tail() }}
        from {{ source("raw", "infinite_campus__grade") }}
    ),
    dated as (select *, {{ read_date("post_date") }} as posted_date from sent),
    joined as (
        select
            r.district_code,
            p.local_student_id,
            c.school_code,
            c.school_year,
            t.value as term_code,
            case
                when r.section_id is null then 'T-' || k.course_number || '-' || t.value else n.section_number
            end as section_id,
            k.course_number as course_code,
            k.state_code as state_course_code,
            k.course_name,
            k.is_ag,
            g.value as grade_level_taken,
            r.score as mark_raw,
            {{ read_decimal("r.credits_attempted", "decimal(18,8)") }}
            * d.credit_multiplier as credits_attempted,
            {{ read_decimal("r.credits_earned", "decimal(18,8)") }} * d.credit_multiplier as credits_earned,
            r.is_final,
            r.posted_date,
            coalesce(r.transfer, '0') = '1' as is_transfer,
            coalesce(r.repeat, '0') = '1' as is_repeat,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "p", "c", "n", "k"]) }}
        from dated as r
        inner join {{ source("raw", "district") }} as d on r.district_code = d.district_code
        inner join
            {{ ref("base_infinite_campus__person") }} as p
            on r.district_code = p.district_code
            and r.person_id = p.person_id
            and {{ known_together("r", "p") }}
        inner join
            {{ ref("base_infinite_campus__calendar") }} as c
            on r.district_code = c.district_code
            and r.calendar_id = c.calendar_id
            and not c.is_excluded
            and {{ known_together("r", "c") }}
        left join
            {{ ref("base_infinite_campus__section") }} as n
            on r.district_code = n.district_code
            and r.end_year = n.end_year
            and r.section_id = n.section_id
            and {{ known_together("r", "n") }}
        left join
            {{ ref("base_infinite_campus__course") }} as k
            on r.district_code = k.district_code
            and r.end_year = k.end_year
            and coalesce(r.course_id, n.course_id) = k.course_id
            and {{ known_together("r", "k") }}
            {{ contract_code("t", "r", "term", "term_code", "make_date(c.school_year, 6, 30)") }}
            {{ contract_code("g", "r", "grade", "grade_level", "make_date(c.school_year, 6, 30)") }}
    ),
    known as (select * from joined where {{ was_known() }}),
    marked as ({{ with_mark("known") }})
    {{ to_canonical("course_mark", "marked") }}
