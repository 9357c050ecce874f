-- One row per restatement and block (cohort_year, snapshot_code) of public counts that it may move:
-- a snapshot of the restated window, one whose cohort was fixed then, or the end of a change from
-- such a snapshot.
with
    windows as (
        select restatement_id, district_code, school_year, window_code
        from {{ source("raw", "restatement") }}
        union
        -- enrollment, days and suspensions of EOYS are those of EOY
        select restatement_id, district_code, school_year, 'EOYS'
        from {{ source("raw", "restatement") }}
        where window_code = 'EOY'
    ),

    cohorts as (select distinct cohort_year from {{ ref("public_count") }}),

    snapshots as (
        select distinct
            windows.restatement_id, windows.district_code, cohorts.cohort_year, taken.snapshot_code
        from windows
        cross join cohorts
        inner join
            {{ ref("snapshot_definition") }} as taken
            on (
                taken.window_code = windows.window_code
                and cohorts.cohort_year + taken.year_offset = windows.school_year
            )
            or (taken.cohort_window = windows.window_code and cohorts.cohort_year = windows.school_year)
    ),

    ends as (
        select distinct
            snapshots.restatement_id, snapshots.district_code, snapshots.cohort_year, period.snapshot_code
        from snapshots
        inner join {{ ref("public_period") }} as period on period.basis = snapshots.snapshot_code
    )

select restatement_id, district_code, cohort_year, snapshot_code
from snapshots
union
select restatement_id, district_code, cohort_year, snapshot_code
from ends
