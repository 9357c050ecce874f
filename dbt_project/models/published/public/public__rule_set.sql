-- One row: the default rule set, the only one whose figures are public.
select * from {{ ref("partner__rule_set") }} where is_default
