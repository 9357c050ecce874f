-- One row per cell that is hidden in the partner tier: rules (1) to (4) of section 9 of the specification,
-- until nothing changes. Steps alternate between groups within an entity and entities within their total.
--
-- In a partition with a hidden cell, cells go smallest first (tie: code order) until the hidden ones cannot
-- be found from the total: at least two, more than 10 students together, and, where all are 1 to 10, at
-- least three possible values for each. A hidden total must not be the sum of parts that are all shown.
{{ suppression_hidden(ref("suppression_cell"), ref("suppression_part")) }}
