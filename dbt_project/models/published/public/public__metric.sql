-- One row per settled figure under the default rule set; hidden rows show nothing but `*`, rows near 0 or
-- 100%
-- nothing but a bound. What is hidden is decided in models/privacy.
with
    marked as (
        select
            figure.* exclude (is_hidden),
            hidden.figure_id is not null as is_hidden,
            hidden.figure_id is null and figure.extreme is not null as is_coded,
            -- that a rate speaks of few members bounds how many these are: told where coverage itself is
            coverage.figure_id is not null and covering.figure_id is null as tells_coverage
        from {{ ref("public_primary") }} as figure
        left join {{ ref("public_hidden") }} as hidden on hidden.figure_id = figure.figure_id
        left join
            {{ ref("public_primary") }} as coverage
            on coverage.metric_code = 'coverage'
            and {{ same_students("coverage", "figure") }}
        left join {{ ref("public_hidden") }} as covering on covering.figure_id = coverage.figure_id
    )

select
    metric_code,
    school_year,
    cohort_year,
    snapshot_code,
    nullif(basis, '') as basis,
    level,
    entity_code,
    entity_name,
    group_type,
    group_code,
    rule_set,
    case when not is_hidden and not is_coded then numerator end as numerator,
    case when not is_hidden then denominator end as denominator,
    case when not is_hidden and not is_coded then value end as value,
    case when not is_hidden and not is_coded then ci_low end as ci_low,
    case when not is_hidden and not is_coded then ci_high end as ci_high,
    case
        when is_hidden
        then '*'
        when not is_coded
        then display
        when extreme = 'low'
        then '<=' || bound_percent || '%'
        else '>=' || (100 - bound_percent) || '%'
    end as display,
    false as is_provisional,
    case when is_hidden then 'suppressed' when is_coded then 'coded' else 'none' end as suppression,
    case
        when is_hidden
        then null
        when tells_coverage
        then warning
        else nullif(trim(replace(warning, 'low_coverage', ''), '+'), '')
    end as warning
from marked
