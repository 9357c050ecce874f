-- One row per district, school year and measure about who the students are. Nothing here merges or parts
-- anybody: that is int_student.
with
    enrolled as (
        select distinct person_id, district_code, school_year, local_student_id
        from {{ ref("enrollment") }}
        where vantage = 'current'
    ),

    sent as (
        select district_code, local_student_id, sent_ssid, merged_ssid, birth_date, unresolved_reason
        from {{ ref("int_student") }}
        where vantage = 'current'
    ),

    -- tonight or before, and no steward's merge makes them one
    two_ssids as (
        select versions.district_code, versions.local_student_id
        from {{ ref("canon_student") }} as versions
        left join
            {{ ref("int_ssid_merge") }} as merged
            on merged.vantage = 'current'
            and merged.ssid_from = versions.ssid
        where versions.ssid is not null
        group by all
        having count(distinct coalesce(merged.ssid_to, versions.ssid)) > 1
    ),

    two_local_ids as (
        select district_code, sent_ssid from sent where sent_ssid is not null group by all having count(*) > 1
    ),

    two_birth_dates as (
        select merged_ssid
        from sent
        where merged_ssid is not null
        group by all
        having count(distinct birth_date) > 1
    ),

    counted as (
        select
            enrolled.district_code,
            enrolled.school_year,
            count(*) as n,
            count(*) filter (sent.sent_ssid is null) as n_without_ssid,
            count(*) filter (sent.sent_ssid is null or sent.unresolved_reason is not null) as n_unresolved,
            count(*) filter (two_ssids.local_student_id is not null) as n_two_ssids,
            count(distinct two_local_ids.sent_ssid) as n_two_local_ids,
            count(*) filter (two_birth_dates.merged_ssid is not null) as n_birth_dates
        from enrolled
        left join sent using (district_code, local_student_id)
        left join two_ssids using (district_code, local_student_id)
        left join
            two_local_ids
            on two_local_ids.district_code = enrolled.district_code
            and two_local_ids.sent_ssid = sent.sent_ssid
        left join two_birth_dates on two_birth_dates.merged_ssid = sent.merged_ssid
        group by all
    )

    {{
        quality_rows(
            "counted",
            [
                ("ssid_missing_share", "n_without_ssid", "n", "students", true, true),
                ("unresolved_identity_share", "n_unresolved", "n", "students", true, true),
                ("local_ids_with_two_ssids", "n_two_ssids", "n", "students", false, false),
                ("ssids_with_two_local_ids", "n_two_local_ids", "n", "students", false, false),
                ("birth_dates_disagree", "n_birth_dates", "n", "students", false, false),
            ],
        )
    }}
