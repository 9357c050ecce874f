{#- Rules of lanes on rows. Rows of lane_rule are laid side by side, one column for each gate and measure, so that a
    million students are judged in one pass; what stands in the rows decides, SQL only compares. -#}
{% macro lane_gates() -%} {{ return(["G2", "G3", "G4", "G5"]) }} {%- endmacro %}

{#- Measure -> numerator and denominator (none: a number), whether more is better, and the tolerance of thirds.
    Ratios are never divided: numerator and value x denominator are compared in DECIMAL, so 95.95% is not 96%. What a
    published row of student_snapshot does not have stands there as `row_num` (and `row_den`). -#}
{% macro lane_measures() -%}
    {{
        return(
            {
                "gpa": {
                    "num": "gpa_points",
                    "den": "credits_graded",
                    "more": true,
                    "slack": "0",
                    "row_num": "gpa",
                    "row_den": "1",
                },
                "n_f_core": {"num": "n_f_core", "den": none, "more": false, "slack": "0.000001"},
                "n_df_core": {"num": "n_df_core", "den": none, "more": false, "slack": "0"},
                "n_df_elamath": {"num": "n_df_elamath", "den": none, "more": false, "slack": "0"},
                "attendance_rate": {
                    "num": "days_attended",
                    "den": "days_expected",
                    "more": true,
                    "slack": "0",
                    "row_num": "days_expected - days_absent",
                },
                "credits_of_due": {
                    "num": "credits_earned_total",
                    "den": "credits_due",
                    "more": true,
                    "slack": "0.000001",
                },
                "n_suspensions": {"num": "n_suspensions", "den": none, "more": false, "slack": "0"},
            }
        )
    }}
{%- endmacro %}

{#- One row per version and grade: value and strictness of every gate and measure; NULL where no row asks for it. -#}
{% macro lane_rules_side_by_side(relation) -%}
    select
        version,
        grade,
        count(distinct gate) + 1 as top_lane
        {%- for gate in lane_gates() %}
            {%- for measure in lane_measures() %}
                ,
                max(value) filter (
                    gate = '{{ gate }}' and measure = '{{ measure }}'
                ) as {{ gate }}_{{ measure }}_value,
                bool_or(op in ('>', '<')) filter (
                    gate = '{{ gate }}' and measure = '{{ measure }}'
                ) as {{ gate }}_{{ measure }}_strict
            {%- endfor %}
        {%- endfor %}
    from {{ relation }}
    group by version, grade
{%- endmacro %}

{#- Columns that say which conditions fail. An unknown measure (no discipline file, no credits due in grade 8) skips
    its condition and no other; so does a gate that does not ask for the measure. -#}
{% macro lane_failures() -%}
    {%- for gate in lane_gates() -%}
        {%- set outer = loop -%}
        {%- for measure, m in lane_measures().items() -%}
            {%- set value = gate ~ "_" ~ measure ~ "_value" -%}
            {%- set cut = value ~ " * " ~ m.den if m.den else value -%}
            {%- set margin = m.num ~ " - " ~ cut if m.more else cut ~ " - " ~ m.num -%}
            coalesce(
                case
                    when {{ gate }}_{{ measure }}_strict
                    then {{ margin }} <= 0
                    else {{ margin }} < -{{ m.slack }}
                end,
                false
            ) as {{ gate }}_{{ measure }}_fails
            {{- "," if not (outer.last and loop.last) }}
        {% endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#- The first gate with a failed condition; NULL at the top. -#}
{% macro first_gate_failed() -%}
    case
        {% for gate in lane_gates() -%}
            when
                {% for measure in lane_measures() -%}
                    {{ gate }}_{{ measure }}_fails{{ " or " if not loop.last }}
                {%- endfor %}
            then '{{ gate }}'
        {% endfor %}
    end
{%- endmacro %}

{#- For each measure whether it fails at the gate that stopped the student, and the value and strictness asked there. -#}
{% macro failures_at_gate() -%}
    {%- for measure in lane_measures() -%}
        {%- for what in ("fails", "value", "strict") -%}
            case
                gate_failed
                {% for gate in lane_gates() -%}
                    when '{{ gate }}' then {{ gate }}_{{ measure }}_{{ what }}
                {% endfor %}
            end as {{ measure }}_{{ what }},
        {% endfor -%}
    {%- endfor -%}
{%- endmacro %}

{#- What a row of student_window stands for in the cohort of its snapshot: does it have the role? Two years on a repeater
    of grade 9 may be in any grade. -#}
{% macro has_role(definition, window) -%}
    case
        {{ definition }}.role
        when 'G8'
        then {{ window }}.grade_level = '08'
        when 'G9'
        then {{ window }}.has_grade9_primary or {{ window }}.grade_level <= '10'
        else
            {{ window }}.grade_level <= '10' or {{ window }}.first_grade9_year >= {{ window }}.school_year - 2
    end
{%- endmacro %}

{#- The measures of a window that lane_measures() compares, under the parameters of a rule set. DECIMAL(28, 12) holds days
    and credits times a cut point exactly. -#}
{% macro lane_inputs(window, rule_set) -%}
    cast(
        case
            {{ rule_set }}.plus_minus
            when 'keep'
            then {{ window }}.points_keep
            else {{ window }}.points_collapse
        end as decimal(28, 12)
    ) as gpa_points,
    {% for measure in ("credits_graded", "n_f_core", "credits_earned_total", "days_expected") -%}
        cast({{ window }}.{{ measure }} as decimal(28, 12)) as {{ measure }},
    {% endfor -%}
    {{ window }}.n_df_core,
    {{ window }}.n_df_elamath,
    cast(
        case when {{ window }}.role <> 'G8' then {{ window }}.credits_due end as decimal(28, 12)
    ) as credits_due,
    cast({{ window }}.days_expected - {{ window }}.days_absent as decimal(28, 12)) as days_attended,
    case when {{ window }}.is_discipline_known then {{ window }}.n_suspensions end as n_suspensions
{%- endmacro %}

{#- Conditions of a CASE that say why somebody who is enrolled has no lane; none of them holds: there is one. -#}
{% macro reasons_without_lane(window, rule_set) -%}
    when not {{ window }}.attendance_available
    then 'no_attendance'
    when not coalesce({{ window }}.days_expected > {{ rule_set }}.min_days_exclusive, false)
    then 'insufficient_days'
    when {{ window }}.n_marks = 0 and {{ window }}.has_weighted_gpa_only
    then 'weighted_gpa_only'
    when {{ window }}.n_marks = 0
    then 'no_marks'
    when not coalesce({{ window }}.credits_graded + 0.000001 >= {{ rule_set }}.min_graded_credits, false)
    then 'insufficient_graded_credits'
{%- endmacro %}

{#- What a published row of student_snapshot has of a measure, and of what whole. -#}
{% macro measure_of_row(m) -%} cast({{ m.row_num or m.num }} as decimal(28, 12)) {%- endmacro %}

{% macro whole_of_row(m) -%} cast({{ m.row_den or m.den or "1" }} as decimal(28, 12)) {%- endmacro %}

{#- Whether `have` of `whole` meets a rule; NULL where either is unknown. -#}
{% macro meets(op, have, value, whole, slack) -%}
    case
        {{ op }}
        when '>'
        then {{ have }} - {{ value }} * {{ whole }} > 0
        when '>='
        then {{ have }} - {{ value }} * {{ whole }} >= - {{ slack }}
        when '<'
        then {{ value }} * {{ whole }} - {{ have }} > 0
        when '<='
        then {{ value }} * {{ whole }} - {{ have }} >= - {{ slack }}
    end
{%- endmacro %}
