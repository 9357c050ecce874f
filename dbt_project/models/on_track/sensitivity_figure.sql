{%- set cell = ["metric_code", "level", "entity_code", "cohort_year"] -%}
-- One row per headline metric, level, entity, cohort_year and choice, before anything is hidden: counts
-- under the choice and by default, both as known tonight, and on which side of its threshold a school
-- stands under each. An aim is held against the cohort before.
with
    totals as (
        {{ entity_rollup(ref("sensitivity_count"), ["choice", "cohort_year"], sensitivity_counts()) }}
    ),

    cells as (
        select
            totals.level,
            totals.entity_code,
            totals.parent_code,
            totals.choice,
            totals.cohort_year,
            unnest(
                [
                    {% for m in sensitivity_metrics() -%}
                        struct_pack(
                            metric_code := '{{ m.code }}',
                            snapshot_code := {{ m.snapshot }},
                            basis := {% if m.basis %} '{{ m.basis }}'
                            {% else %} cast(null as varchar)
                            {% endif %},
                            threshold := '{{ m.threshold }}',
                            numerator := cast(totals.{{ m.num }} as bigint),
                            denominator := cast(
                                case
                                    choice.denominator
                                    when 'whole_cohort'
                                    then {{ "totals." ~ m.whole if m.whole else "null" }}
                                    when 'below_top'
                                    then {{ "totals." ~ m.below_top if m.below_top else "null" }}
                                    else totals.{{ m.den }}
                                end as bigint
                            )
                        ){{ "," if not loop.last }}
                    {% endfor %}
                ]
            ) as cell
        from totals
        inner join {{ ref("sensitivity_choice") }} as choice on choice.choice = totals.choice
        where totals.level <> 'btsc_cohort'
    ),

    counted as (
        select
            cells.* exclude (cell),
            cells.cell.metric_code as metric_code,
            cells.cell.snapshot_code as snapshot_code,
            cells.cell.basis as basis,
            cells.cell.threshold as threshold,
            cells.cell.numerator as numerator,
            cells.cell.denominator as denominator
        from cells
        where cells.cell.denominator is not null
    ),

    -- exact: counts are multiplied crosswise, never divided
    sided as (
        select
            counted.*,
            case
                when counted.level <> 'school' or counted.denominator < aims.n_highlight
                then null
                when counted.threshold = 'coverage_80'
                then 5 * counted.numerator >= 4 * counted.denominator
                when before.denominator >= aims.n_highlight
                then
                    {{
                        aim_met(
                            "case counted.threshold when 'aim_up' then 'up' else 'down' end",
                            "counted",
                            "before",
                            "aims",
                            side="choice",
                        )
                    }}
            end as is_met
        from counted
        inner join {{ ref("rule_set") }} as aims on aims.is_default
        left join
            counted as before
            on before.choice = counted.choice
            and before.cohort_year = counted.cohort_year - 1
            {% for column in cell[:3] -%} and before.{{ column }} = counted.{{ column }} {% endfor %}
    )

select
    sided.metric_code,
    sided.level,
    sided.entity_code,
    sided.parent_code,
    sided.cohort_year,
    sided.choice,
    sided.snapshot_code,
    sided.basis,
    sided.threshold,
    by_default.snapshot_code as default_snapshot_code,
    by_default.numerator as default_numerator,
    by_default.denominator as default_denominator,
    sided.numerator,
    sided.denominator,
    by_default.is_met as is_met_by_default,
    sided.is_met
from sided
inner join
    sided as by_default on by_default.choice = 'default'
    {% for column in cell -%} and by_default.{{ column }} = sided.{{ column }} {% endfor %}
where sided.choice <> 'default'
