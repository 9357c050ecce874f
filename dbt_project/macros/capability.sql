{#- Table capability from a tier's own `metric`: ratings in force tonight, beside the headline movement rate of the same
    school year. Both changes are counted from one rating, the entity's first of the domain in a school year whose outcome
    is settled; before that, and where no outcome is, from the first of all. -#}
{% macro capability(metric) -%}
    with
        ratings as (
            select
                level,
                entity_code,
                domain,
                rating_date,
                rating,
                extract(year from rating_date)
                + case when extract(month from rating_date) >= 7 then 1 else 0 end as school_year
            from {{ ref("stg_core_hub__capability_rating") }}
            where
                known_to is null
                and level is not null
                and domain is not null
                and rating_date is not null
                and rating is not null
            qualify
                row_number() over (
                    partition by level, entity_code, domain, rating_date
                    order by known_from desc, source_file_id, source_row
                )
                = 1
        ),

        outcomes as (
            select metric.level, metric.entity_code, metric.cohort_year, metric.value, metric.suppression
            from {{ metric }} as metric
            inner join
                {{ ref("rule_set") }} as rule_set
                on rule_set.rule_set = metric.rule_set
                and rule_set.is_default
                and metric.snapshot_code = rule_set.movement_end
                and metric.basis = rule_set.movement_start
            where
                metric.metric_code = 'movement_rate'
                and metric.group_code = 'ALL'
                and not metric.is_provisional
        ),

        with_outcome as (
            select
                ratings.*,
                outcomes.cohort_year is not null as has_outcome,
                outcomes.value as outcome,
                outcomes.suppression,
                struct_pack(
                    rating := ratings.rating,
                    school_year := ratings.school_year,
                    outcome := outcomes.value,
                    hides := outcomes.suppression
                ) as place
            from ratings
            left join
                outcomes
                on outcomes.level = ratings.level
                and outcomes.entity_code = ratings.entity_code
                and outcomes.cohort_year = ratings.school_year
        ),

        since as (
            select
                *,
                rating - lag(rating) over in_order as change_since_previous,
                coalesce(
                    min_by(place, rating_date) filter (where has_outcome) over in_order,
                    min_by(place, rating_date) over in_order
                ) as start
            from with_outcome
            window
                in_order as (
                    partition by level, entity_code, domain order by rating_date rows unbounded preceding
                )
        ),

        compared as (
            select
                *,
                outcome - start.outcome as outcome_change,
                coalesce(
                    outcome - start.outcome is not null and school_year > start.school_year, false
                ) as is_comparable
            from since
        )

    select
        since.level,
        since.entity_code,
        entity.entity_name,
        since.domain,
        since.rating_date as date,
        cast(since.rating as integer) as rating,
        cast(since.rating - since.start.rating as integer) as change,
        cast(since.change_since_previous as integer) as change_since_previous,
        cast(since.school_year as integer) as school_year,
        cast(since.start.school_year as integer) as start_school_year,
        'movement_rate' as outcome_code,
        since.outcome,
        since.outcome_change,
        case
            when 'suppressed' in (since.suppression, since.start.hides)
            then 'suppressed'
            when 'coded' in (since.suppression, since.start.hides)
            then 'coded'
            else 'none'
        end as suppression,
        -- the last one that can be compared
        since.is_comparable
        and row_number() over (
            partition by since.level, since.entity_code, since.domain, since.is_comparable
            order by since.rating_date desc
        )
        = 1 as is_in_summary
    from compared as since
    left join
        {{ ref("entity") }} as entity on entity.level = since.level and entity.entity_code = since.entity_code
{%- endmacro %}

{#- Table capability_summary from a tier's `capability`: do entities whose rating changed more also have the larger
    change of the outcome? Each entity once a domain, at its last rating with an outcome and more than a school year
    after its first. Spearman's rank correlation of average ranks, from integers (doubled ranks), with the interval of
    Bonett and Wright (2000): tanh(atanh(r) +/- 1.96 * sqrt((1 + r^2 / 2) / (n - 3))). -#}
{% macro capability_summary(capability) -%}
    with
        ranked as (
            select
                *,
                2 * rank() over (partition by level, domain order by change)
                + count(*) over (partition by level, domain, change)
                - 1 as change_rank,
                2 * rank() over (partition by level, domain order by outcome_change)
                + count(*) over (partition by level, domain, outcome_change)
                - 1 as outcome_rank
            from {{ capability }}
            where is_in_summary
        ),

        sums as (
            select
                level,
                domain,
                outcome_code,
                count(*) as n,
                count(*) filter (where change > 0) as n_rating_up,
                count(*) filter (where change = 0) as n_rating_same,
                count(*) filter (where change < 0) as n_rating_down,
                count(*) filter (where outcome_change > 0) as n_outcome_up,
                count(*) filter (where change > 0 and outcome_change > 0) as n_both_up,
                median(outcome_change) filter (where change > 0) as median_outcome_change_rating_up,
                median(outcome_change) filter (where change <= 0) as median_outcome_change_rating_not_up,
                count(*) * sum(change_rank * outcome_rank)
                - sum(change_rank) * sum(outcome_rank) as covariance,
                count(*) * sum(change_rank * change_rank)
                - sum(change_rank) * sum(change_rank) as change_variance,
                count(*) * sum(outcome_rank * outcome_rank)
                - sum(outcome_rank) * sum(outcome_rank) as outcome_variance
            from ranked
            group by level, domain, outcome_code
        ),

        correlated as (
            select
                *,
                case
                    when n >= 4 and change_variance > 0 and outcome_variance > 0
                    then
                        cast(covariance as double)
                        / sqrt(cast(change_variance as double) * cast(outcome_variance as double))
                end as r
            from sums
        )

    select
        level,
        domain,
        outcome_code,
        cast(n as integer) as n,
        cast(n_rating_up as integer) as n_rating_up,
        cast(n_rating_same as integer) as n_rating_same,
        cast(n_rating_down as integer) as n_rating_down,
        cast(n_outcome_up as integer) as n_outcome_up,
        cast(n_both_up as integer) as n_both_up,
        median_outcome_change_rating_up,
        median_outcome_change_rating_not_up,
        r as rank_correlation,
        case
            when abs(r) < 1 then round(tanh(atanh(r) - 1.96 * sqrt((1 + r * r / 2) / (n - 3))), 6)
        end as ci_low,
        case
            when abs(r) < 1 then round(tanh(atanh(r) + 1.96 * sqrt((1 + r * r / 2) / (n - 3))), 6)
        end as ci_high
    from correlated
{%- endmacro %}
