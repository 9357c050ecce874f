-- One row per district and the parameters with which its data are read.
select * from {{ ref("partner__dim_district") }}
