-- One row per cohort_year and snapshot_code whose window is known: is it due somewhere, is it frozen, when,
-- and which freezes hold its rows and its cohort.
with
    windows as (
        select
            school_year,
            window_code,
            bool_or(is_due) as is_due,
            max(as_of) as as_of,
            bool_or(is_frozen) as is_frozen,
            max(freeze_date) filter (is_frozen) as frozen_on,
            case when bool_or(is_frozen) then school_year || '_' || window_code end as vantage
        from {{ ref("int_window") }}
        where vantage = 'current'
        group by school_year, window_code
    ),

    cohorts as (select distinct cohort_year from {{ ref("ninth_grader") }})

select
    cohorts.cohort_year,
    definition.snapshot_code,
    cohorts.cohort_year + definition.year_offset as school_year,
    definition.window_code,
    definition.role,
    windows.as_of,
    windows.is_frozen,
    windows.frozen_on,
    windows.vantage,
    of_cohort.vantage as cohort_vantage
from cohorts
cross join {{ ref("snapshot_definition") }} as definition
inner join
    windows
    on windows.school_year = cohorts.cohort_year + definition.year_offset
    and windows.window_code = definition.window_code
left join
    windows as of_cohort
    on of_cohort.school_year = cohorts.cohort_year
    and of_cohort.window_code = definition.cohort_window
where windows.is_due or windows.is_frozen
