{#- What lanes and indicators of grades 8 and 9 are held against: outcomes a year later that the data hold. -#}
{% macro validity_outcomes() -%}
    {{ return(["on_track_g10", "credits_due_by_g10", "enrolled_g10"]) }}
{%- endmacro %}

{#- Indicators that are true of a student in trouble: for them `false` is the better value. -#}
{% macro validity_warnings() -%} {{ return(["ousd_warning", "abc", "abc_90"]) }} {%- endmacro %}

{#- Area under the ROC curve: the chance that a student with the outcome has the higher score than one without, ties one
    half. Exact from counts by score: `relation` has one row per `keys` and score, with n and n_outcome. NULL where all
    or none have the outcome. -#}
{% macro auc_by(relation, keys, score) -%}
    select
        {{ keys }},
        case
            when sum(n_outcome) > 0 and sum(n_outcome) < sum(n)
            then
                cast(sum(n_outcome * (2 * n_worse + n - n_outcome)) as double)
                / cast(2 * sum(n_outcome) * (sum(n) - sum(n_outcome)) as double)
        end as auc
    from
        (
            select
                *,
                coalesce(
                    sum(n - n_outcome) over (
                        partition by {{ keys }}
                        order by {{ score }}
                        rows between unbounded preceding and 1 preceding
                    ),
                    0
                ) as n_worse
            from
                (
                    select {{ keys }}, {{ score }}, sum(n) as n, sum(n_outcome) as n_outcome
                    from {{ relation }}
                    group by all
                ) as by_score
        ) as ranked
    group by {{ keys }}
{%- endmacro %}
