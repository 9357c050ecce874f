-- One row per CDS code in the edition of the state's school directory that is in force tonight.
with
    source as (select * from {{ source("raw", "cde__public_school") }} where _known_to is null),

    -- Zeros in front are part of the code; a code that has lost one is no code
    named as (
        select *, case when regexp_full_match(cds_code, '\d{14}') then cds_code end as school_code from source
    )

select
    school_code,
    left(school_code, 7) as district_code,
    right(school_code, 7) <> '0000000' as is_school,
    case
        when regexp_full_match(nces_district, '\d{7}') and regexp_full_match(nces_school, '\d{5}')
        then nces_district || nces_school
    end as nces_school_id,
    county as county_name,
    district as district_name,
    school as school_name,
    lower(status_type) as status,
    case
        when regexp_full_match(left(open_date, 10), '\d{4}-\d{2}-\d{2}')
        then try_cast(left(open_date, 10) as date)
        -- days before 1900 come in another form
        when regexp_full_match(open_date, '\d{2}/\d{2}/\d{4}')
        then cast(try_strptime(open_date, '%m/%d/%Y') as date)
    end as open_date,
    case
        when regexp_full_match(left(closed_date, 10), '\d{4}-\d{2}-\d{2}')
        then try_cast(left(closed_date, 10) as date)
        -- days before 1900 come in another form
        when regexp_full_match(closed_date, '\d{2}/\d{2}/\d{4}')
        then cast(try_strptime(closed_date, '%m/%d/%Y') as date)
    end as closed_date,
    case charter when 'Y' then true when 'N' then false end as is_charter,
    doc as district_ownership_code,
    doc_type as district_ownership,
    soc as school_ownership_code,
    soc_type as school_ownership,
    gs_offered as grades_offered,
    gs_served as grades_served,
    virtual as virtual_code,
    case
        when regexp_full_match(latitude, '-?\d{1,2}\.\d+') then try_cast(latitude as decimal(9, 6))
    end as latitude,
    case
        when regexp_full_match(longitude, '-?\d{1,3}\.\d+') then try_cast(longitude as decimal(9, 6))
    end as longitude,
    case
        when regexp_full_match(left(last_update, 10), '\d{4}-\d{2}-\d{2}')
        then try_cast(left(last_update, 10) as date)
    end as updated_on,
    _file_id as source_file_id,
    _row as source_row,
    _known_from as known_from
from named
