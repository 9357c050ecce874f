-- One row per vantage, school, school year and term, as sent.
with terms as ({{ visible("term") }})

select
    vantage,
    district_code,
    school_code,
    school_year,
    term_code,
    max(term_kind) as term_kind,
    min(start_date) as start_date,
    max(end_date) as end_date,
    bool_or(is_credit_bearing) as is_credit_bearing
from terms
where end_date is not null and term_code is not null
group by all
