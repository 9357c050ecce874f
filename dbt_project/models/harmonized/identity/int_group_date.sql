-- One row per school year and district: the date whose knowledge decides who belonged to which
-- group in the year. That is tonight until the freeze of the year's end; from then on it is the
-- freeze (or the first delivery after it that brought enrollment or programs of the year), so that
-- settled figures of groups do not change afterwards, unless the year's end is restated.
with
    first_enrollment as (
        select district_code, school_year, min(known_from) as first_known
        from {{ ref("canon_enrollment") }}
        group by all
    ),

    first_programs as (
        select district_code, school_year, min(known_from) as first_known
        from {{ ref("int_feed_version") }}
        where feed = 'programs'
        group by all
    ),

    years as (select distinct school_year from {{ ref("canon_enrollment") }} where school_year is not null)

select
    years.school_year,
    district.district_code,
    case
        when frozen.freeze_date <= run.as_of
        -- what is known here was known by the as-of date; greatest leaves NULLs out
        then
            greatest(
                frozen.freeze_date,
                first_enrollment.first_known,
                first_programs.first_known,
                restated.known_on
            )
        else run.as_of
    end as known_on,
    coalesce(frozen.freeze_date <= run.as_of, false) as is_settled
from years
cross join {{ source("raw", "district") }} as district
cross join {{ source("raw", "run") }} as run
left join
    {{ ref("int_freeze") }} as frozen on frozen.school_year = years.school_year and frozen.window_code = 'EOY'
left join
    first_enrollment
    on first_enrollment.school_year = years.school_year
    and first_enrollment.district_code = district.district_code
left join
    first_programs
    on first_programs.school_year = years.school_year
    and first_programs.district_code = district.district_code
left join
    {{ ref("int_restatement") }} as restated
    on restated.school_year = years.school_year
    and restated.district_code = district.district_code
    and restated.window_code = 'EOY'
where district.kind = 'district'
