-- One row per level, domain and outcome_code with entities whose rating and outcome are known at two times.
{{ capability_summary(ref("partner__capability")) }}
