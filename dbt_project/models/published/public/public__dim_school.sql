-- One row per school that any district reports or any student row refers to, as last reported.
select * from {{ ref("partner__dim_school") }}
