-- One row per metric that is published: what it means and how it is computed.
select * from {{ ref("metric_definition") }}
