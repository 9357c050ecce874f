-- One row per metric that is published: what it means and how it is computed.
select definition.*
from {{ ref("metric_definition") }} as definition
where definition.metric_code in (select metric_code from {{ ref("partner__metric") }})
