-- One row per equation among public counts. `rest`: students whom the parts leave out (or, where the parts
-- overlap,
-- those in two of them): a count of its own, which is never shown.
select
    term.equation_id,
    any_value(term.kind) as kind,
    any_value(term.equation_code) as equation_code,
    max(term.count_id) filter (term.coefficient < 0) as total_id,
    cast(abs(sum(term.coefficient * counted.n)) as bigint) as rest,
    cast(- sign(sum(term.coefficient * counted.n)) as integer) as rest_coefficient
from {{ ref("public_term") }} as term
inner join {{ ref("public_count") }} as counted on counted.count_id = term.count_id
group by term.equation_id
