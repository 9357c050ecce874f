-- One row per equation among public counts and count in it, its rest included: what decides who else is
-- hidden.
select
    term.equation_id,
    term.kind,
    term.count_id,
    counted.n,
    term.coefficient < 0 as is_total,
    counted.is_derived,
    counted.keep_rank
from {{ ref("public_term") }} as term
inner join {{ ref("public_count") }} as counted on counted.count_id = term.count_id
union all
select equation_id, kind, - equation_id, rest, rest_coefficient < 0, true, 0
from {{ ref("public_equation") }}
where rest > 0
