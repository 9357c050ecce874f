-- One row per cohort_year and snapshot_code whose window is known: is it due somewhere, is it frozen, when,
-- and which freezes hold its rows and its cohort.
with
    freezes as (
        select school_year, window_code, min(vantage) as vantage, max(freeze_date) as frozen_on
        from {{ ref("int_vantage") }}
        where vantage_kind = 'freeze'
        group by all
    ),

    windows as (
        select school_year, window_code, bool_or(is_due) as is_due, max(as_of) as as_of
        from {{ ref("int_window") }}
        where vantage = 'current'
        group by all
    ),

    cohorts as (select distinct cohort_year from {{ ref("ninth_grader") }})

select
    cohorts.cohort_year,
    definition.snapshot_code,
    cohorts.cohort_year + definition.year_offset as school_year,
    definition.window_code,
    definition.role,
    windows.as_of,
    own.vantage is not null as is_frozen,
    own.frozen_on,
    own.vantage,
    of_cohort.vantage as cohort_vantage
from cohorts
cross join {{ ref("snapshot_definition") }} as definition
inner join
    windows
    on windows.school_year = cohorts.cohort_year + definition.year_offset
    and windows.window_code = definition.window_code
left join
    freezes as own
    on own.school_year = cohorts.cohort_year + definition.year_offset
    and own.window_code = definition.window_code
left join
    freezes as of_cohort
    on of_cohort.school_year = cohorts.cohort_year
    and of_cohort.window_code = definition.cohort_window
where windows.is_due or own.vantage is not null
