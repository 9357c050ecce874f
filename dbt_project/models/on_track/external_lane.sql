-- One row per vantage, rule_set, person_id, cohort_year and snapshot_code: a lane that was computed
-- elsewhere, as
-- known at that vantage. As with a district's first delivery, what first came after a freeze counts as
-- known then.
with
    lanes as (
        select lane.*, min(lane.known_from) over (partition by lane.rule_set) as first_known
        from {{ ref("stg_core_hub__external_lane") }} as lane
        inner join {{ ref("rule_set") }} as rule_set on rule_set.rule_set = lane.rule_set
        -- a level that the scheme does not have is no lane
        inner join
            {{ ref("lane_name") }} as lane_name
            on lane_name.scheme = rule_set.scheme
            and lane_name.lane = lane.lane
        where rule_set.lane_rule_version is null and lane.ssid is not null
    ),

    vantages as (
        select vantage, max(freeze_date) as freeze_date from {{ ref("int_vantage") }} group by vantage
    ),

    visible as (
        select vantages.vantage, lanes.*
        from lanes
        inner join
            vantages
            on case
                when vantages.freeze_date is null
                then lanes.known_to is null
                else
                    lanes.known_from <= greatest(vantages.freeze_date, lanes.first_known)
                    and (
                        lanes.known_to is null
                        or lanes.known_to > greatest(vantages.freeze_date, lanes.first_known)
                    )
            end
    )

select
    visible.vantage,
    visible.rule_set,
    -- a resolved student goes by the SSID, a merged one by that which stands for both
    coalesce(merged.ssid_to, visible.ssid) as person_id,
    visible.cohort_year,
    visible.snapshot_code,
    max_by(visible.lane, (visible.known_from, visible.source_file_id, visible.source_row)) as lane
from visible
left join
    (
        select ssid_from, max_by(ssid_to, known_from) as ssid_to
        from {{ ref("stg_core_hub__ssid_merge") }}
        where known_to is null
        group by ssid_from
    ) as merged
    on merged.ssid_from = visible.ssid
group by all
