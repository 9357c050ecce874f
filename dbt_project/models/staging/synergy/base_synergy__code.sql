-- One row per district, kind of code, local code and stretch of time: what a coded value means.
-- A code is resolved through the district's lookup table to its state code, and from there by the contract;
-- a district without a lookup table has the contract alone.
with
    lookup_kind(lookup_def_code, map_name) as (
        values
            ('LEAVE_CODE', 'exit_reason'),
            ('GRADE', 'grade_level'),
            ('TERM_CODE', 'term_code'),
            ('ABS_REASON', 'attendance_category'),
            ('DISPOSITION', 'suspension_type'),
            ('SCHOOL_TYPE', 'school_type'),
            ('ELL_STATUS', 'el_status'),
            ('FRM_CODE', 'meals'),
            ('PROGRAM', 'program')
    ),
    meaning as (
        select
            m.district_code,
            m.map_name,
            m.code,
            m.value,
            coalesce(cast(m.valid_from as date), date '0001-01-01') as valid_from,
            coalesce(cast(m.valid_to as date), date '9999-12-31') as valid_to
        from {{ source("raw", "code_map") }} as m
        inner join {{ source("raw", "district") }} as d on m.district_code = d.district_code
        where d.system = 'synergy'
    ),
    looked_up as (
        select
            l._district_code as district_code,
            k.map_name,
            l.value_code as code,
            coalesce(l.state_code, l.value_code) as meant,
            l.state_code,
            l.known_from,
            l.known_to,
            l.is_versioned
        from
            {{
                reference_versions(
                    source("raw", "synergy__rev_bod_lookup"),
                    ["_district_code", "lookup_def_code", "value_code"],
                    ["state_code"],
                    unknown_before=true,
                )
            }} as l
        inner join lookup_kind as k on l.lookup_def_code = k.lookup_def_code
    )
select
    l.district_code,
    l.map_name,
    l.code,
    coalesce(m.value, l.state_code) as value,
    coalesce(m.valid_from, date '0001-01-01') as valid_from,
    coalesce(m.valid_to, date '9999-12-31') as valid_to,
    l.known_from,
    l.known_to,
    l.is_versioned
from looked_up as l
left join meaning as m on l.district_code = m.district_code and l.map_name = m.map_name and l.meant = m.code
union all
select m.*, date '0001-01-01' as known_from, cast(null as date) as known_to, false as is_versioned
from meaning as m
anti join looked_up as l on m.district_code = l.district_code and m.map_name = l.map_name and m.code = l.code
