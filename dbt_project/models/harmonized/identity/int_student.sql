-- One row per vantage, district and local student id: the latest value of each attribute known then, and
-- the SSID after
-- the steward's merges. Values of rows no longer in force (a student who left) hold until others are sent.
with
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
            {{ latest_of_versions() }},
            min(first_grade9_year) filter (where is_in_force) as first_grade9_year,
            max(known_from) as known_from
        from ordered
        group by all
    ),

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
    latest.sent_ssid,
    coalesce(merged.ssid_to, latest.sent_ssid) as merged_ssid,
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
left join
    {{ ref("int_ssid_merge") }} as merged
    on merged.vantage = latest.vantage
    and merged.ssid_from = latest.sent_ssid
