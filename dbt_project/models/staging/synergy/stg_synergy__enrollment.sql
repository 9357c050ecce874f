-- One row per student, school and entry date, from the enrollment history: the dates of EPC_STU_SCH_YR are
-- bubbled up.
-- Whoever is excluded from ADA is enrolled concurrently (status 20).
with
    sent as (
        select
            *,
            {{ read_date("enter_date") }} as entry_date,
            {{ read_date("leave_date") }} as exit_date,
            {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_enroll") }}
    ),
    joined as (
        select
            r.district_code,
            ssy.local_student_id,
            ssy.school_code,
            ssy.school_year,
            g.value as grade_level,
            r.entry_date,
            r.exit_date,
            l.value as exit_reason,
            case
                when r.exclude_ada_adm is not null then '20' when r.short_term_ind = 'Y' then '30' else '10'
            end as enrollment_status,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "ssy", "g", "l"]) }}
        from sent as r
        inner join
            {{ ref("base_synergy__student_school_year") }} as ssy
            on r.district_code = ssy.district_code
            and r.student_school_year_gu = ssy.student_school_year_gu
            and {{ known_together("r", "ssy") }}
            {{ synergy_code("g", "r", "grade", "grade_level", "r.entry_date") }}
            {{ synergy_code("l", "r", "leave_code", "exit_reason", "coalesce(r.exit_date, r.entry_date)") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("enrollment", "known") }}
