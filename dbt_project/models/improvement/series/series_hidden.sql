-- One row per cell of series_suppression_cell that is hidden in the partner tier.
{{ suppression_hidden(ref("series_suppression_cell"), ref("series_suppression_part")) }}
