{%- set reasons = [
    "left_network",
    "not_frozen",
    "not_comparable",
    "no_baseline",
    "no_current",
    "hidden",
    "too_few",
    "zero_baseline",
] -%}
{%- set measures = ["movement", "off_track", "vulnerable", "move_up"] -%}
-- One row per tier, school (NULL: the network), cohort_year and rule_set: the figures of the aim side by
-- side, and whether the aim is met. A school meets it with both bullets; the network with the share of the
-- schools that meet both, among those evaluated.
with
    rows_of_places as (
        select
            tier,
            school_code,
            cohort_year,
            rule_set,
            any_value(network) as network,
            any_value(btsc_cohort) as btsc_cohort,
            any_value(baseline_cohort_year) as baseline_cohort_year,
            any_value(is_member) as is_member,
            {% for measure in measures -%}
                {%- set of = "filter (where measure = '" ~ measure ~ "')" -%}
                any_value(base_figure.numerator) {{ of }} as {{ measure }}_base_numerator,
                any_value(base_figure.denominator) {{ of }} as {{ measure }}_base_n,
                any_value(current_figure.numerator) {{ of }} as {{ measure }}_current_numerator,
                any_value(current_figure.denominator) {{ of }} as {{ measure }}_current_n,
                any_value(change) {{ of }} as {{ measure }}_change,
                any_value(is_met) {{ of }} as {{ measure }}_met,
                coalesce(bool_or(is_comparable) {{ of }}, false) as is_{{ measure }}_comparable,
                any_value(n_schools_compared) {{ of }} as {{ measure }}_n_schools,
            {% endfor %}
            {% for code in ("low_coverage", "series_break", "partial_inputs") -%}
                bool_or(has_{{ code }}) as has_{{ code }},
            {% endfor %}
            case
                when bool_or(suppression = 'suppressed')
                then 'suppressed'
                when bool_or(suppression = 'coded')
                then 'coded'
                else 'none'
            end as suppression,
            [{% for reason in reasons -%}'{{ reason }}'{{ ", " if not loop.last }} {%- endfor %}][
                min(
                    list_position(
                        [{% for reason in reasons -%}'{{ reason }}'{{ ", " if not loop.last }} {%- endfor %}],
                        not_evaluated_reason
                    )
                ) filter (where measure in ('movement', 'off_track'))
            ] as not_evaluated_reason
        from {{ ref("aim_compared") }}
        group by all
    ),

    schools as (
        select
            *,
            -- not simply `and`: one bullet that is missed does not evaluate the other
            case when not_evaluated_reason is null then movement_met and off_track_met end as aim_met
        from rows_of_places
        where school_code is not null
    ),

    counted as (
        select
            tier,
            cohort_year,
            rule_set,
            count(*) filter (where is_member) as n_schools,
            {% for what in ("movement", "off_track", "aim") -%}
                count({{ what }}_met) as n_{{ what }}_evaluated,
                count(*) filter (where {{ what }}_met) as n_{{ what }}_met{{ "," if not loop.last }}
            {% endfor %}
        from schools
        group by all
    ),

    network as (
        select
            places.* replace (
                case
                    when counted.n_aim_evaluated > 0
                    then null
                    when places.not_evaluated_reason = 'not_frozen'
                    then 'not_frozen'
                    else 'no_school'
                end as not_evaluated_reason
            ),
            case
                when counted.n_aim_evaluated > 0
                then counted.n_aim_met >= aims.aim_school_share * counted.n_aim_evaluated
            end as aim_met,
            counted.n_schools,
            {% for what in ("movement", "off_track", "aim") -%}
                counted.n_{{ what }}_evaluated, counted.n_{{ what }}_met,
            {% endfor %}
            cast(counted.n_aim_met as double)
            / cast(nullif(counted.n_aim_evaluated, 0) as double) as share_schools_met
        from rows_of_places as places
        inner join
            counted
            on counted.tier = places.tier
            and counted.cohort_year = places.cohort_year
            and counted.rule_set = places.rule_set
        inner join {{ ref("rule_set") }} as aims on aims.rule_set = places.rule_set
        where places.school_code is null
    ),

    latest as (
        select measure.rule_set, max(status.cohort_year) as cohort_year
        from {{ ref("aim_measure") }} as measure
        inner join
            {{ ref("snapshot_status") }} as status
            on status.snapshot_code = measure.snapshot_code
            and status.is_frozen
        where measure.measure = 'off_track'
        group by measure.rule_set
    ),

    results as (
        select *
        from schools
        union all by name
        select *
        from network
    )

select
    results.tier,
    results.school_code,
    case
        when results.school_code is null then results.network || ' network' else entity.entity_name
    end as entity_name,
    results.network,
    results.btsc_cohort,
    cast(results.cohort_year as integer) as cohort_year,
    cast(results.baseline_cohort_year as integer) as baseline_cohort_year,
    results.rule_set,
    coalesce(results.cohort_year = latest.cohort_year, false) as is_latest,
    {% for measure in measures -%}
        {% for side in ("base", "current") -%}
            cast(results.{{ measure }}_{{ side }}_numerator as double)
            / cast(results.{{ measure }}_{{ side }}_n as double) as {{ measure }}_{{ side }},
            results.{{ measure }}_{{ side }}_n,
        {% endfor %}
        {% if measure in ("movement", "off_track") -%}
            results.{{ measure }}_change, results.{{ measure }}_met,
        {% endif %}
    {% endfor %}
    results.aim_met,
    results.not_evaluated_reason,
    case
        when results.is_vulnerable_comparable
        then results.vulnerable_base_numerator - results.vulnerable_current_numerator
    end as fewer_vulnerable,
    case
        when results.is_move_up_comparable
        then results.move_up_current_numerator - results.move_up_base_numerator
    end as more_move_up,
    -- the numbers in brackets are the network's
    case
        when results.school_code is null and results.is_vulnerable_comparable
        then
            results.vulnerable_base_numerator - results.vulnerable_current_numerator
            >= aims.aim_fewer_vulnerable
    end as fewer_vulnerable_met,
    case
        when results.school_code is null and results.is_move_up_comparable
        then results.move_up_current_numerator - results.move_up_base_numerator >= aims.aim_more_move_up
    end as more_move_up_met,
    {% for what in ("movement", "off_track", "vulnerable", "move_up") -%}
        results.{{ what }}_n_schools,
    {% endfor %}
    results.n_schools,
    results.n_aim_evaluated as n_schools_evaluated,
    results.n_aim_met as n_schools_met,
    results.share_schools_met,
    {% for what in ("movement", "off_track") -%}
        results.n_{{ what }}_evaluated as n_schools_{{ what }}_evaluated,
        results.n_{{ what }}_met as n_schools_{{ what }}_met,
    {% endfor %}
    {{
        warnings(
            "results.has_low_coverage",
            "results.has_series_break",
            "results.has_partial_inputs",
        )
    }} as warning,
    results.suppression
from results
inner join latest on latest.rule_set = results.rule_set
inner join {{ ref("rule_set") }} as aims on aims.rule_set = results.rule_set
left join
    {{ ref("entity") }} as entity on entity.level = 'school' and entity.entity_code = results.school_code
