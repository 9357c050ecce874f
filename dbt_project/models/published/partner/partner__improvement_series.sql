-- One row per measure_code, level, entity_code, group and period; hidden rows show nothing.
{{ improvement_series(ref("series_figure")) }}
