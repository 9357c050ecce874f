{#- z squared of the limits of a funnel plot: 95% (a school in twenty is outside by chance) and 99.8% (one in 500). -#}
{% macro funnel_z2() -%} {{ return({"95": "3.841458820694124", "998": "9.549535706083248"}) }} {%- endmacro %}

{#- One limit of a funnel plot at a school's size n, around the mean rate x of m (Spiegelhalter 2005, Statistics in
    Medicine 24: 1185-1202, normal approximation); kept within 0 and 1. -#}
{% macro funnel_limit(side, z2, x, m, n) -%}
    {%- set mean = "(cast(" ~ x ~ " as double) / " ~ m ~ ")" -%}
    {%- set half = "sqrt(" ~ z2 ~ " * " ~ mean ~ " * (1 - " ~ mean ~ ") / " ~ n ~ ")" -%}
    {%- if side == "lower" -%} greatest(0, {{ mean }} - {{ half }})
    {%- else -%} least(1, {{ mean }} + {{ half }})
    {%- endif -%}
{%- endmacro %}

{#- Spread between the schools of an entity: rows of table school_spread of a tier.
    Within school i of n students chance alone gives variance p (1 - p) / n. Cochran's Q is the sum of the squared
    distances in units of that; more than chance is the method-of-moments estimate of DerSimonian and Laird, as
    Spiegelhalter 2005 (Quality and Safety in Health Care 14: 347-351) uses it for performance indicators:
    tau^2 = p (1 - p) (Q - (k - 1)) / (N - sum n^2 / N), not below 0. -#}
{% macro school_spread(tier) -%}
    with
        sums as (
            select
                metric_code,
                school_year,
                cohort_year,
                snapshot_code,
                basis,
                rule_set,
                level,
                entity_code,
                max(n_schools) as n_schools,
                max(entity_n) as n_students,
                max(mean_rate) as mean_rate,
                max(cast(entity_x as double) * (entity_n - entity_x))
                / max(cast(entity_n as double) * entity_n) as chance_variance,
                cast(sum(weighted_square) as double) as squares,
                cast(sum(n * n) as double) as sum_n2,
                min(value) as lowest_rate,
                max(value) as highest_rate,
                {% for name in funnel_z2() -%}
                    {% for side in ("above", "below") -%}
                        count(*) filter (where position_{{ name }} = '{{ side }}') as n_{{ side }}_{{ name }},
                    {% endfor %}
                {% endfor %}
                bool_or(is_provisional) as is_provisional
            from {{ ref("funnel_position") }}
            where tier = '{{ tier }}'
            group by all
        )

    select
        sums.metric_code,
        sums.school_year,
        sums.cohort_year,
        sums.snapshot_code,
        sums.basis,
        sums.rule_set,
        sums.level,
        sums.entity_code,
        entity.entity_name,
        sums.n_schools,
        sums.n_students,
        sums.mean_rate,
        sums.lowest_rate,
        sums.highest_rate,
        sqrt(sums.squares / sums.n_students) as observed_sd,
        sqrt((sums.n_schools - 1) * sums.chance_variance / sums.n_students) as chance_sd,
        sqrt(
            greatest(
                0,
                (sums.squares - (sums.n_schools - 1) * sums.chance_variance)
                / (sums.n_students - sums.sum_n2 / sums.n_students)
            )
        ) as between_sd,
        sums.squares / nullif((sums.n_schools - 1) * sums.chance_variance, 0) as dispersion,
        {% for name in funnel_z2() -%}
            sums.n_above_{{ name }} + sums.n_below_{{ name }} as n_outside_{{ name }},
            sums.n_above_{{ name }},
            sums.n_below_{{ name }},
        {% endfor %}
        sums.is_provisional
    from sums
    left join
        {{ ref("entity") }} as entity on entity.level = sums.level and entity.entity_code = sums.entity_code
{%- endmacro %}
