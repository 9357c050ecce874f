-- One row per school that is or was in the network, cohort_year from the one in which it joined, and
-- rule_set:
-- the membership that counts and the cohort year it is held against. Two memberships at once count from the
-- first; after a membership has ended the one that ended last stands, marked as no member.
with
    frozen as (select cohort_year, snapshot_code from {{ ref("snapshot_status") }} where is_frozen),

    candidates as (
        select
            membership.school_code,
            membership.network,
            membership.cohort,
            membership.start_year,
            membership.end_year,
            frozen.cohort_year,
            rule_set.rule_set,
            frozen.cohort_year <= coalesce(membership.end_year, frozen.cohort_year) as is_member
        from {{ ref("partner__btsc_membership") }} as membership
        cross join {{ ref("rule_set") }} as rule_set
        inner join
            frozen
            on frozen.snapshot_code = rule_set.movement_end
            and frozen.cohort_year >= membership.start_year
    )

select
    school_code,
    left(school_code, 7) as district_code,
    network,
    network || '-' || cohort as btsc_cohort,
    cohort_year,
    start_year - 1 as baseline_cohort_year,
    rule_set,
    is_member
from candidates
qualify
    row_number() over (
        partition by school_code, cohort_year, rule_set
        order by
            is_member desc,
            case when is_member then start_year end,
            end_year desc,
            start_year desc,
            network,
            cohort
    )
    = 1
