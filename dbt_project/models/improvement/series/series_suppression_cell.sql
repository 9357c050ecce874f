-- One row per number of students behind figures of month and marking period, period, entity and group: the
-- number that decides what is hidden.
{{ suppression_cells(ref("series_cell")) }}
