-- One row per cohort_year, snapshot_code and ninth grader: whether the student counts in the cohort of that
-- snapshot (first-time, and known when it was fixed) and where its measures stand.
with
    status as (select * from {{ ref("snapshot_status") }}),

    people as (
        select cohort_year, snapshot_code, person_id, is_first_time
        from {{ ref("cohort_member") }}
        union all
        -- known too late for the cohort: a row that says so, in no figure
        select status.cohort_year, status.snapshot_code, ninth_grader.person_id, false
        from status
        inner join {{ ref("ninth_grader") }} as ninth_grader on ninth_grader.cohort_year = status.cohort_year
        anti join
            {{ ref("cohort_member") }} as member
            on member.cohort_year = status.cohort_year
            and member.snapshot_code = status.snapshot_code
            and member.person_id = ninth_grader.person_id
    ),

    -- the district in which the student was a ninth grader says when a snapshot that knows nothing of them
    -- was taken
    home as (
        select person_id, school_year as cohort_year, max_by(district_code, window_code) as district_code
        from {{ ref("student_window") }}
        where vantage = 'current' and district_code is not null and window_code in ('EOY', 'T1')
        group by all
    ),

    windows as (
        select school_year, window_code, district_code, is_due, as_of
        from {{ ref("int_window") }}
        where vantage = 'current'
    ),

    everywhere as (
        select school_year, window_code, bool_and(is_due) as is_due, max(as_of) as as_of
        from windows
        group by all
    )

select
    people.cohort_year,
    people.snapshot_code,
    people.person_id,
    people.is_first_time,
    status.school_year,
    status.window_code,
    status.role,
    status.is_frozen,
    status.frozen_on,
    status.vantage,
    frozen_person.frozen_person_id,
    coalesce(windows.as_of, everywhere.as_of) as as_of,
    -- without a measure: is the window over for this student, or will the measure still come
    coalesce(windows.is_due, everywhere.is_due)
    and (
        status.snapshot_code <> 'G10_EOY'
        or not exists (
            select 1
            from {{ ref("enrollment") }} as enrollment
            where
                enrollment.vantage = 'current'
                and enrollment.person_id = people.person_id
                and enrollment.school_year = status.school_year
                and enrollment.is_primary
        )
        or everywhere.is_due
    ) as is_due_unmeasured
from people
inner join status on status.cohort_year = people.cohort_year and status.snapshot_code = people.snapshot_code
inner join
    everywhere on everywhere.school_year = status.school_year and everywhere.window_code = status.window_code
left join home on home.person_id = people.person_id and home.cohort_year = people.cohort_year
left join
    windows
    on windows.school_year = status.school_year
    and windows.window_code = status.window_code
    and windows.district_code = home.district_code
left join
    {{ ref("frozen_person") }} as frozen_person
    on frozen_person.vantage = status.vantage
    and frozen_person.person_id = people.person_id
