-- One row per school of the network (NULL: the network), cohort_year and rule_set: how far the aim is.
select * exclude (tier) from {{ ref("aim_result") }} where tier = 'public'
