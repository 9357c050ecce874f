-- Which school a local number means, by district and school year: numbers are used again, so never without
-- the year.
with
    numbers as (
        select
            loc._district_code as district_code,
            {{ aeries_school_year("loc") }} as school_year,
            trim(loc.cd) as local_school_code,
            {{ aeries_cds("loc") }} as school_code,
            loc._known_from,
            loc._file_id,
            loc._row
        from {{ source("raw", "aeries__loc") }} as loc
    )

select *
from {{ aeries_spans("numbers", ["district_code", "school_year", "local_school_code"], ["school_code"]) }}
