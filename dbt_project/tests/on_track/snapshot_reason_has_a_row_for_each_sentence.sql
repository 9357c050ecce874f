-- Rows and sentences say the same: as many of one as of the other, and each sentence speaks of its row's
-- measure.
with
    counted as (
        select
            _release_district,
            student_key,
            snapshot_code,
            cohort_year,
            rule_set,
            count(*) as n_rows,
            count(*) filter (
                case
                    measure
                    when 'attendance_rate'
                    then sentence like 'Attendance is %'
                    when 'credits_of_due'
                    then sentence like 'Credits earned are %'
                    when 'gpa'
                    then sentence like 'GPA is %'
                    when 'n_f_core'
                    then sentence like 'F in core courses %'
                    when 'n_df_core'
                    then sentence like 'A core course has %'
                    when 'n_df_elamath'
                    then sentence like 'English or math has %'
                    when 'n_suspensions'
                    then sentence like 'Suspended %'
                end
            ) as n_alike
        from {{ ref("restricted__snapshot_reason") }}
        group by all
    )

select snapshot.snapshot_code, snapshot.cohort_year, snapshot.rule_set, count(*) as n
from {{ ref("restricted__student_snapshot") }} as snapshot
left join counted using (_release_district, student_key, snapshot_code, cohort_year, rule_set)
where
    coalesce(len(snapshot.reasons), 0) <> coalesce(counted.n_rows, 0)
    or coalesce(counted.n_rows, 0) <> coalesce(counted.n_alike, 0)
group by all
