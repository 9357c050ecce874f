-- One row per partition (cells that add up to one total) and cell in it. `is_rest`: the students credited
-- to no part, a part that is never shown.
{{ suppression_parts(ref("suppression_cell")) }}
