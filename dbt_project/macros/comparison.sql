{#- Two figures, each an alias with numerator, denominator and `side` (rule_set, or what stands for it), may only be set
    against each other under one rule set: anything else is an error and no figure. -#}
{% macro refuse_two_rule_sets(current, base, side="rule_set") -%}
    when {{ current }}.{{ side }} <> {{ base }}.{{ side }}
    then error('figures of two rule sets must not be compared')
{%- endmacro %}

{#- Has `current` moved from `base` as far as the aim asks? `goal` is a SQL expression, up or down; `aims` the alias of a
    row of rule_set. Exact: counts are multiplied crosswise, never divided. NULL where the base has nobody in its
    numerator, of which there is no share. -#}
{% macro aim_met(goal, current, base, aims, side="rule_set") -%}
    {%- set now = current ~ ".numerator * " ~ base ~ ".denominator" -%}
    {%- set before = "(" ~ base ~ ".numerator * " ~ current ~ ".denominator)" -%}
    {%- set whole = "(" ~ base ~ ".denominator * " ~ current ~ ".denominator)" -%}
    case
        {{ refuse_two_rule_sets(current, base, side) }}
        when {{ base }}.numerator = 0
        then null
        when {{ aims }}.aim_mode = 'points' and {{ goal }} = 'up'
        then {{ now }} - {{ before }} >= {{ aims }}.aim_up * {{ whole }}
        when {{ aims }}.aim_mode = 'points'
        then {{ before }} - {{ now }} >= {{ aims }}.aim_down * {{ whole }}
        when {{ goal }} = 'up'
        then {{ now }} >= (1 + {{ aims }}.aim_up) * {{ before }}
        else {{ now }} <= (1 - {{ aims }}.aim_down) * {{ before }}
    end
{%- endmacro %}

{#- How far `current` has moved from `base`: as a share of the base, in mode points in points. -#}
{% macro aim_change(current, base, aims, side="rule_set") -%}
    {%- set difference = (
        current
        ~ ".numerator * "
        ~ base
        ~ ".denominator - "
        ~ base
        ~ ".numerator * "
        ~ current
        ~ ".denominator"
    ) -%}
    case
        {{ refuse_two_rule_sets(current, base, side) }}
        when {{ base }}.numerator = 0
        then null
        else
            cast({{ difference }} as double) / cast(
                case
                    when {{ aims }}.aim_mode = 'points' then {{ base }}.denominator else {{ base }}.numerator
                end
                * {{ current }}.denominator as double
            )
    end
{%- endmacro %}

{#- Codes of table metric's column `warning`, from one condition for each. -#}
{% macro warnings(low_coverage, series_break, partial_inputs) -%}
    nullif(
        concat_ws(
            '+',
            case when {{ low_coverage }} then 'low_coverage' end,
            case when {{ series_break }} then 'series_break' end,
            case when {{ partial_inputs }} then 'partial_inputs' end
        ),
        ''
    )
{%- endmacro %}
