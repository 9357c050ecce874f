-- One row per school and school year reported: name, grades and staff of that year.
select * from {{ ref("partner__dim_school_year") }}
