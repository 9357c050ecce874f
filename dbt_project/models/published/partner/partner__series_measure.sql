-- One row per measure of table improvement_series; those of cohort years as far as their figure is published.
select *
from {{ ref("series_measure") }}
where metric_code is null or metric_code in (select metric_code from {{ ref("partner__metric_definition") }})
