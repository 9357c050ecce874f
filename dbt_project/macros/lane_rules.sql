{#- Rules of lanes on rows. Rows of lane_rule are laid side by side, one column for each gate and measure, so that a
    million students are judged in one pass; what stands in the rows decides, SQL only compares. -#}
{% macro lane_gates() -%} {{ return(["G2", "G3", "G4", "G5"]) }} {%- endmacro %}

{#- Measure -> numerator and denominator (none: a number), whether more is better, and the tolerance of thirds.
    Ratios are never divided: numerator and value x denominator are compared in DECIMAL, so 95.95% is not 96%. -#}
{% macro lane_measures() -%}
    {{
        return(
            {
                "gpa": {"num": "gpa_points", "den": "credits_graded", "more": true, "slack": "0"},
                "attendance_rate": {
                    "num": "days_attended",
                    "den": "days_expected",
                    "more": true,
                    "slack": "0",
                },
                "credits_of_due": {
                    "num": "credits_earned_total",
                    "den": "credits_due",
                    "more": true,
                    "slack": "0.000001",
                },
                "n_f_core": {"num": "n_f_core", "den": none, "more": false, "slack": "0.000001"},
                "n_df_core": {"num": "n_df_core", "den": none, "more": false, "slack": "0"},
                "n_df_elamath": {"num": "n_df_elamath", "den": none, "more": false, "slack": "0"},
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
