-- One row per identity row that counts: of a person's rows in a file, the one with the latest effective date.
select *
from {{ source("raw", "infinite_campus__identity") }}
qualify
    row_number() over (
        partition by _district_code, person_id, _known_from
        order by {{ read_date("effective_date") }} desc nulls last, identity_id desc, _file_id desc, _row desc
    )
    = 1
