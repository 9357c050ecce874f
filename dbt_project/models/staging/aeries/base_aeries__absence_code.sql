-- What an absence code means: codes are local to a school and a year. Types are the product's (formats.md
-- 5.4); a
-- suspension that counts for ADA is in school, independent study that does not was not completed.
with
    codes as (
        select
            abs._district_code as district_code,
            {{ aeries_school_year("abs") }} as school_year,
            trim(abs.sc) as local_school_code,
            trim(abs.cd) as code,
            case
                when {{ aeries_flag("abs.su") }} and {{ aeries_flag("abs.ad") }}
                then 'iss'
                when {{ aeries_flag("abs.su") }}
                then 'oss'
                when trim(abs.isc) <> '' and {{ aeries_flag("abs.ad") }}
                then 'ada_is'
                when trim(abs.isc) <> ''
                then 'nonada_is'
                when trim(abs.ty) = '2'
                then 'excused'
                when trim(abs.ty) in ('1', '3')
                then 'unexcused'
                when trim(abs.ty) in ('5', '8', '9')
                then 'tardy'
                when trim(abs.ty) in ('4', '6')
                then 'other_present'
            end as category,
            abs._known_from,
            abs._file_id,
            abs._row
        from {{ source("raw", "aeries__abs") }} as abs
    )

select *
from {{ aeries_spans("codes", ["district_code", "school_year", "local_school_code", "code"], ["category"]) }}
