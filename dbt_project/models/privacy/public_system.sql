-- One row per equation that the audit asks about and unknown in it: the equations of public_member without
-- those that
-- follow from others. Where an equation holds for those with an outcome and for all, it holds for those
-- without; only
-- their rests need an equation of their own.
with
    implied as (
        select equation.*
        from {{ ref("public_equation") }} as equation
        inner join {{ ref("public_count") }} as total on total.count_id = equation.total_id
        where equation.kind <> 'outcome' and total.is_derived
    ),

    rates as (
        select
            equation.total_id as without_id,
            max(term.count_id) filter (term.coefficient < 0) as denominator_id,
            max(term.count_id) filter (
                term.coefficient > 0 and term.count_id <> equation.total_id
            ) as numerator_id
        from
            (
                select equation_id, max(count_id) filter (is_derived) as total_id
                from {{ ref("public_member") }}
                where kind = 'outcome' and count_id > 0
                group by equation_id
                having count(*) filter (is_derived) = 1
            ) as equation
        inner join {{ ref("public_term") }} as term on term.equation_id = equation.equation_id
        where term.equation_code = 'rate'
        group by equation.equation_id, equation.total_id
    ),

    rests as (
        select
            implied.equation_id,
            unnest(
                [
                    struct_pack(
                        unknown := - of_all.equation_id,
                        coefficient := - of_all.rest_coefficient,
                        rest := of_all.rest
                    ),
                    struct_pack(
                        unknown := - of_some.equation_id,
                        coefficient := of_some.rest_coefficient,
                        rest := of_some.rest
                    ),
                    struct_pack(
                        unknown := - implied.equation_id,
                        coefficient := implied.rest_coefficient,
                        rest := implied.rest
                    )
                ]
            ) as term
        from implied
        inner join rates on rates.without_id = implied.total_id
        inner join
            {{ ref("public_equation") }} as of_all
            on of_all.total_id = rates.denominator_id
            and of_all.kind = implied.kind
            and of_all.equation_code = implied.equation_code
        inner join
            {{ ref("public_equation") }} as of_some
            on of_some.total_id = rates.numerator_id
            and of_some.kind = implied.kind
            and of_some.equation_code = implied.equation_code
    )

select equation_id, count_id as unknown_id, n, case when is_total then -1 else 1 end as coefficient
from {{ ref("public_member") }}
where equation_id not in (select equation_id from implied)
union all
select equation_id, term.unknown, term.rest, term.coefficient
from rests
where term.rest > 0
