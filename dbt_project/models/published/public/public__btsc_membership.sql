-- One row per school, network, cohort and start year.
select * from {{ ref("partner__btsc_membership") }}
