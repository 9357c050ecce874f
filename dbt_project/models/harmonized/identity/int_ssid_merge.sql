-- One row per vantage and SSID that a steward merged into another: where it leads in the end. A
-- merge may concern two districts, so the restatement of one does not change which are known.
with recursive
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
                select vantage, max(known_on_merges) as known_on from {{ ref("int_vantage") }} group by all
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
    )

select vantage, ssid_from, max_by(ssid_to, step) as ssid_to
from followed
group by all
