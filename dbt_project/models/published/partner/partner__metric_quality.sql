{%- set cell = ["metric_code", "level", "entity_code", "cohort_year", "choice"] -%}
-- One row per headline metric, entity, cohort_year and choice: how far the figure moves when one choice
-- is made otherwise. Hidden rows show nothing of students; how many schools change side is a count of
-- schools.
with
    schools as (
        select
            metric_code,
            parent_code,
            cohort_year,
            choice,
            count(*) filter (where is_met is not null and is_met_by_default is not null) as n_judged,
            count(*) filter (where is_met <> is_met_by_default) as n_changed
        from {{ ref("sensitivity_figure") }}
        where level = 'school'
        group by all
    ),

    of_entities as (
        select
            metric_code,
            'district' as level,
            parent_code as entity_code,
            cohort_year,
            choice,
            n_judged,
            n_changed
        from schools
        union all
        select metric_code, 'collaborative', 'CORE', cohort_year, choice, sum(n_judged), sum(n_changed)
        from schools
        group by all
    )

select
    figure.metric_code,
    figure.level,
    figure.entity_code,
    entity.entity_name,
    cast(figure.cohort_year as integer) as cohort_year,
    figure.choice,
    choice.parameter,
    choice.default_setting,
    choice.setting,
    shown.rule_set,
    figure.snapshot_code,
    figure.basis,
    case when shown.is_shown then figure.default_denominator end as n_default,
    case
        when shown.is_shown
        then cast(figure.default_numerator as double) / cast(figure.default_denominator as double)
    end as value_default,
    case when shown.is_shown then figure.denominator end as n,
    case
        when shown.is_shown then cast(figure.numerator as double) / cast(figure.denominator as double)
    end as value,
    case
        when shown.is_shown
        then
            cast(figure.numerator as double) / cast(figure.denominator as double)
            - cast(figure.default_numerator as double) / cast(figure.default_denominator as double)
    end as difference,
    figure.threshold,
    cast(of_entities.n_judged as bigint) as n_schools_judged,
    cast(of_entities.n_changed as bigint) as n_schools_changed_side,
    case when shown.is_shown then 'none' else 'suppressed' end as suppression
from {{ ref("sensitivity_figure") }} as figure
inner join {{ ref("sensitivity_choice") }} as choice on choice.choice = figure.choice
inner join
    {{ ref("sensitivity_shown") }} as shown
    on {% for column in cell -%}
        shown.{{ column }} = figure.{{ column }} {{ "and" if not loop.last }}
    {% endfor %}
left join
    {{ ref("entity") }} as entity on entity.level = figure.level and entity.entity_code = figure.entity_code
left join
    of_entities
    on of_entities.metric_code = figure.metric_code
    and of_entities.level = figure.level
    and of_entities.entity_code = figure.entity_code
    and of_entities.cohort_year = figure.cohort_year
    and of_entities.choice = figure.choice
-- nobody in a denominator: no figure, and none to hold against it
where
    figure.default_denominator > 0
    and figure.denominator > 0
    -- a cohort without any start has no movement, whatever its size
    and (figure.metric_code <> 'coverage' or figure.default_numerator > 0)
