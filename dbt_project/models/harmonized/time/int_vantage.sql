-- One row per vantage and district: tonight, and each freeze that is due and not yet kept with the same
-- signature
-- for every rule set.
with
    run as (select as_of from {{ source("raw", "run") }}),

    first_delivery as (
        select district_code, school_year, min(known_from) as first_known
        from {{ ref("canon_enrollment") }}
        group by all
    ),

    ordinary as (
        select
            frozen.school_year || '_' || frozen.window_code as vantage,
            frozen.school_year,
            frozen.window_code,
            first_delivery.district_code,
            frozen.freeze_date,
            greatest(frozen.freeze_date, first_delivery.first_known) as known_on,
            -- the enrollment, days and suspensions of EOYS are those of EOY
            least(
                greatest(frozen.freeze_date, first_delivery.first_known),
                greatest(
                    coalesce(enrollment_freeze.freeze_date, frozen.freeze_date), first_delivery.first_known
                )
            ) as known_on_enrollment
        from {{ ref("int_freeze") }} as frozen
        inner join first_delivery using (school_year)
        left join
            {{ ref("int_freeze") }} as enrollment_freeze
            on enrollment_freeze.school_year = frozen.school_year
            and frozen.window_code = 'EOYS'
            and enrollment_freeze.window_code = 'EOY'
        cross join run
        where greatest(frozen.freeze_date, first_delivery.first_known) <= run.as_of
    ),

    -- a restated freeze is taken as known later; the enrollment and days of EOYS stay those
    -- of EOY
    due as (
        select
            ordinary.* replace (
                greatest(ordinary.known_on, coalesce(restated.known_on, ordinary.known_on)) as known_on,
                greatest(
                    ordinary.known_on_enrollment, coalesce(year_end.known_on, ordinary.known_on_enrollment)
                ) as known_on_enrollment
            ),
            ordinary.known_on_enrollment as known_on_merges
        from ordinary
        left join
            {{ ref("int_restatement") }} as restated
            on restated.district_code = ordinary.district_code
            and restated.school_year = ordinary.school_year
            and restated.window_code = ordinary.window_code
        left join
            {{ ref("int_restatement") }} as year_end
            on year_end.district_code = ordinary.district_code
            and year_end.school_year = ordinary.school_year
            and year_end.window_code
            = case ordinary.window_code when 'EOYS' then 'EOY' else ordinary.window_code end
    ),

    signed as (
        select
            vantage,
            {{
                set_hash(
                    "freeze_date || ' ' || district_code || ' ' || known_on || ' ' || known_on_enrollment"
                )
            }} as signature
        from due
        group by all
    ),

    kept as (
        select signed.vantage
        from signed
        inner join {{ source("raw", "kept_freeze") }} as kept_freeze using (vantage, signature)
        inner join {{ ref("rule_set") }} as rule_set using (rule_set)
        group by all
        having count(distinct rule_set.rule_set) = (select count(*) from {{ ref("rule_set") }})
    )

select
    'current' as vantage,
    'current' as vantage_kind,
    cast(null as integer) as school_year,
    cast(null as varchar) as window_code,
    district.district_code,
    cast(null as date) as freeze_date,
    run.as_of as known_on,
    run.as_of as known_on_enrollment,
    run.as_of as known_on_merges,
    cast(null as varchar) as signature
from {{ source("raw", "district") }} as district
cross join run
where district.kind = 'district'
union all
select
    due.vantage,
    'freeze',
    due.school_year,
    due.window_code,
    due.district_code,
    due.freeze_date,
    due.known_on,
    due.known_on_enrollment,
    due.known_on_merges,
    signed.signature
from due
inner join signed using (vantage)
where not exists (select 1 from kept where kept.vantage = due.vantage)
