-- One row per restatement, equation among its counts as they were, and unknown in it (below zero:
-- its rest).
select term.restatement_id, term.equation_id, term.unknown_id, term.n, term.coefficient
from {{ source("raw", "restated_term") }} as term
semi join
    (
        select distinct member.restatement_id, member.equation_id
        from {{ source("raw", "restated_term") }} as member
        inner join
            {{ ref("restated_count") }} as counted
            on counted.restatement_id = member.restatement_id
            and counted.count_id = member.unknown_id
    ) as moved
    on moved.restatement_id = term.restatement_id
    and moved.equation_id = term.equation_id
