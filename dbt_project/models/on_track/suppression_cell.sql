-- One row per n_family (metrics with the same students behind them), cohort_year, snapshot_code, basis,
-- rule_set, level, entity_code and group: the number that decides what is hidden. Cells are numbered by
-- period, entity and group, so that a total is found by arithmetic and not by comparing texts.
{{ suppression_cells(ref("metric_cell")) }}
