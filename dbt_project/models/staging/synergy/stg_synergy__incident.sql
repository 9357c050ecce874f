-- One row per student, incident and disposition; a disposition that removes nobody has no type and no days.
with
    sent as (
        select *, {{ read_date("incident_date") }} as happened_on, {{ raw_tail() }}
        from {{ source("raw", "synergy__epc_stu_inc_disposition") }}
    ),
    joined as (
        select
            r.district_code,
            s.local_student_id,
            o.school_code,
            o.school_year,
            r.incident_id,
            r.happened_on as incident_date,
            nullif(d.value, 'NONE') as suspension_type,
            case
                when d.value <> 'NONE' then {{ read_decimal("r.disposition_days", "decimal(7,3)") }}
            end as suspension_days,
            r.source_file_id,
            r.source_row,
            {{ joint_version(["r", "s", "o", "d"]) }}
        from sent as r
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
            {{ synergy_code("d", "r", "disposition_code", "suspension_type", "r.happened_on") }}
    ),
    known as (select * from joined where {{ was_known() }})
    {{ to_canonical("incident", "known") }}
