-- One row per partition (cells that add up to one total) and cell in it.
{{ suppression_parts(ref("series_suppression_cell")) }}
