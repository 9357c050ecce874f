-- One row per vantage, district and local student id: the latest value of each attribute known then, and
-- the SSID after
-- the steward's merges. Values of rows no longer in force (a student who left) hold until others are sent.
with recursive
    versions as (
        select 'current' as vantage, canon.*, canon.known_to is null as is_in_force
        from {{ ref("canon_student") }} as canon
        union all
        select
            vantage.vantage,
            canon.*,
            canon.known_to is null or canon.known_to > vantage.known_on_enrollment as is_in_force
        from {{ ref("canon_student") }} as canon
        inner join
            {{ ref("int_vantage") }} as vantage
            on vantage.district_code = canon.district_code
            and vantage.vantage_kind = 'freeze'
        where canon.known_from <= vantage.known_on_enrollment
    ),

    ordered as (
        select
            *,
            row_number() over (
                partition by vantage, district_code, local_student_id
                order by is_in_force, known_from, source_file_id, source_row
            ) as version_number
        from versions
    ),

    latest as (
        select
            vantage,
            district_code,
            local_student_id,
            max_by(ssid, version_number) filter (where ssid is not null) as sent_ssid,
            max_by(birth_date, version_number) filter (where birth_date is not null) as birth_date,
            max_by(gender, version_number) filter (where gender is not null) as gender,
            max_by(is_hispanic, version_number) filter (
                where is_hispanic is not null or race_codes is not null
            ) as is_hispanic,
            max_by(race_codes, version_number) filter (
                where is_hispanic is not null or race_codes is not null
            ) as race_codes,
            bool_or(is_hispanic is not null or race_codes is not null) as has_race,
            min(first_grade9_year) filter (where is_in_force) as first_grade9_year,
            max(known_from) as known_from
        from ordered
        group by all
    ),

    merges as (
        select distinct ssid_from, ssid_to, known_from, known_to
        from {{ ref("stg_core_hub__ssid_merge") }}
        where ssid_from <> ssid_to
    ),

    -- a merge may lead to an SSID that was merged itself; ten steps end a circle
    followed as (
        select vantage.vantage, vantage.known_on, merges.ssid_from, merges.ssid_to, 1 as step
        from merges
        cross join
            (
                select vantage, max(known_on_enrollment) as known_on
                from {{ ref("int_vantage") }}
                group by all
            ) as vantage
        where
            merges.known_from <= vantage.known_on
            and (merges.known_to is null or merges.known_to > vantage.known_on)
        union all
        select followed.vantage, followed.known_on, followed.ssid_from, merges.ssid_to, followed.step + 1
        from followed
        inner join merges on merges.ssid_from = followed.ssid_to
        where
            followed.step < 10
            and merges.known_from <= followed.known_on
            and (merges.known_to is null or merges.known_to > followed.known_on)
    ),

    merged as (select vantage, ssid_from, max_by(ssid_to, step) as ssid_to from followed group by all),

    conflicts as (
        select vantage, district_code, sent_ssid
        from latest
        where sent_ssid is not null
        group by all
        having count(*) > 1 and count(distinct birth_date) > 1
    )

select
    latest.vantage,
    latest.district_code,
    latest.local_student_id,
    case when conflicts.sent_ssid is null then coalesce(merged.ssid_to, latest.sent_ssid) end as ssid,
    case
        when latest.sent_ssid is null then 'no_ssid' when conflicts.sent_ssid is not null then 'ssid_conflict'
    end as unresolved_reason,
    latest.birth_date,
    latest.gender,
    latest.is_hispanic,
    latest.race_codes,
    latest.has_race,
    latest.first_grade9_year,
    latest.known_from
from latest
left join conflicts using (vantage, district_code, sent_ssid)
left join merged on merged.vantage = latest.vantage and merged.ssid_from = latest.sent_ssid
