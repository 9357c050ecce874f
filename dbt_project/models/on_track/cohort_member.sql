-- One row per cohort_year, snapshot_code and ninth grader, as known when that cohort was fixed: level
-- metrics count the cohort known at their own freeze, G8_EOY that of the ninth-grade year's end, change
-- metrics that of the end's.
with
    status as (select * from {{ ref("snapshot_status") }}),

    measured as (
        select
            measure.vantage,
            measure.role,
            frozen_person.person_id,
            bool_or(measure.has_grade9_primary) as is_ninth_grader,
            bool_or(measure.has_grade9_primary and measure.is_first_time_grade9) as is_first_time,
            min(measure.first_grade9_year) as first_grade9_year
        from {{ ref("snapshot_measure") }} as measure
        inner join
            {{ ref("frozen_person") }} as frozen_person
            on frozen_person.vantage = measure.vantage
            and frozen_person.frozen_person_id = measure.person_id
        where measure.rule_set in (select rule_set from {{ ref("rule_set") }} where is_default)
        group by all
    ),

    in_grade9_year as (
        select status.cohort_year, status.snapshot_code, measured.person_id, measured.is_first_time
        from status
        inner join measured on measured.vantage = status.cohort_vantage and measured.role = 'G9'
        where measured.is_ninth_grader and status.snapshot_code <> 'G10_EOY'
    ),

    -- what was known of the cohort when its year was closed, and tonight's members that a later freeze
    -- already knew
    before_grade10 as (
        select
            status.cohort_year,
            status.vantage,
            measured.person_id,
            measured.is_first_time,
            false as is_tonight
        from status
        inner join measured on measured.vantage = status.cohort_vantage and measured.role = 'G9'
        where measured.is_ninth_grader and status.snapshot_code = 'G10_EOY' and status.is_frozen
        union all
        select status.cohort_year, status.vantage, ninth_grader.person_id, false, true
        from status
        inner join {{ ref("ninth_grader") }} as ninth_grader on ninth_grader.cohort_year = status.cohort_year
        where status.snapshot_code = 'G10_EOY' and status.is_frozen
    ),

    in_grade10_year as (
        select
            before_grade10.cohort_year,
            'G10_EOY' as snapshot_code,
            before_grade10.person_id,
            bool_or(
                case
                    when at_freeze.person_id is not null
                    then coalesce(at_freeze.first_grade9_year = before_grade10.cohort_year, false)
                    else before_grade10.is_first_time
                end
            ) as is_first_time
        from before_grade10
        left join
            measured as at_freeze
            on at_freeze.vantage = before_grade10.vantage
            and at_freeze.role = 'G10'
            and at_freeze.person_id = before_grade10.person_id
        where not before_grade10.is_tonight or at_freeze.person_id is not null
        group by all
    ),

    tonight as (
        select status.cohort_year, status.snapshot_code, ninth_grader.person_id, ninth_grader.is_first_time
        from status
        inner join {{ ref("ninth_grader") }} as ninth_grader on ninth_grader.cohort_year = status.cohort_year
        where
            case
                status.snapshot_code
                when 'G10_EOY'
                then not status.is_frozen
                else status.cohort_vantage is null
            end
    )

select *
from in_grade9_year
union all
select *
from in_grade10_year
union all
select *
from tonight
