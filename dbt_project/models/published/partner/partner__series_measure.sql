-- One row per measure of table improvement_series.
select * from {{ ref("series_measure") }}
