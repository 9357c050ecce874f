-- One row per district and the parameters with which its data are read.
select
    district_code,
    district,
    district_name,
    system,
    cast(grad_credits as double) as grad_credits,
    period_absent_rule,
    attendance_form,
    term_system,
    cast(np_as_f as boolean) as np_as_f
from {{ source("raw", "district") }}
where kind = 'district'
