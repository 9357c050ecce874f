{{ config(materialized="view") }}
-- One row per metric that can be fair or unfair to a group, or reliable between schools: rates of students
-- for
-- which one direction is better. Marks are left out (those of one student hang together, and parity is
-- counted
-- in students), and so are the reasons why there is no figure.
select metric_code, direction
from {{ ref("metric_definition") }}
where
    unit = 'rate'
    and direction is not null
    and metric_code <> 'df_mark_share'
    and not starts_with(metric_code, 'coverage_')
