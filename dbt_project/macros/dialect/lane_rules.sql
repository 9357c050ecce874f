{#- Rules of lanes on rows, in DuckDB's dialect (lists of structs and lambdas).

    `rules` is the list of rows of lane_rule that hold for a row, in order of gate and measure. Ratios are never
    divided: the margin is numerator - value x denominator in DECIMAL, so 95.95% is not 96% whatever it prints as.
    An unknown measure (no discipline file, no credits due in grade 8) skips its condition and no other. -#}
{% macro rules_failed(rules) -%}
    list_filter(
        {{ rules }},
        lambda r:
        not coalesce(
            {{
                rule_holds(
                    "r.op",
                    "case r.measure"
                    ~ " when 'gpa' then gpa_points - r.value * credits_graded"
                    ~ " when 'attendance_rate' then (days_expected - days_absent) - r.value * days_expected"
                    ~ " when 'n_f_core' then n_f_core - r.value"
                    ~ " when 'credits_of_due' then credits_earned_total - r.value * credits_due"
                    ~ " when 'n_df_core' then n_df_core - r.value"
                    ~ " when 'n_df_elamath' then n_df_elamath - r.value"
                    ~ " when 'n_suspensions' then n_suspensions - r.value"
                    ~ " end",
                    "case when r.measure in ('n_f_core', 'credits_of_due') then 0.000001 else 0 end",
                )
            }},
            true
        )
    )
{%- endmacro %}

{#- A margin against an operator. Credits and F equivalents are thirds: they are compared with a tolerance. -#}
{% macro rule_holds(op, margin, tolerance) -%}
    case
        {{ op }}
        when '>='
        then ({{ margin }}) >= - ({{ tolerance }})
        when '>'
        then ({{ margin }}) > 0
        when '<='
        then ({{ margin }}) <= ({{ tolerance }})
        when '<'
        then ({{ margin }}) < 0
    end
{%- endmacro %}

{#- One short sentence for each failed rule of the gate that stopped the student. Figures are cut, not rounded,
    so that a printed 95.9 never looks like the 96 that was missed. -#}
{% macro rule_reasons(failed) -%}
    list_transform(
        list_filter({{ failed }}, lambda r:r.gate = {{ failed }} [1].gate),
        lambda r: case
            r.measure
            when 'gpa'
            then
                'GPA is '
                || {{ cut_number("gpa", 2) }}
                || '; '
                || {{ plain_number("r.value") }}
                || ' or more is needed'
            when 'attendance_rate'
            then
                'Attendance is '
                || {{ cut_number("100 * attendance_rate", 2) }}
                || '%; '
                || case r.op when '>' then 'more than ' else '' end
                || {{ plain_number("100 * r.value") }}
                || '%'
                || case r.op when '>=' then ' or more' else '' end
                || ' is needed'
            when 'n_f_core'
            then
                'F in core courses amounts to '
                || {{ cut_number("n_f_core", 2) }}
                || ' semester courses; at most '
                || {{ plain_number("r.value") }}
                || ' is allowed'
                || {{ marks_in_brackets("f_core_marks") }}
            when 'credits_of_due'
            then
                'Credits earned are '
                || {{ cut_number("credits_earned_total", 2) }}
                || ' of '
                || {{ cut_number("credits_due", 2) }}
                || ' due by now'
            when 'n_df_core'
            then 'A core course has a D, an F or no pass' || {{ marks_in_brackets("low_core_marks") }}
            when 'n_df_elamath'
            then 'English or math has a D, an F or no pass' || {{ marks_in_brackets("df_elamath_marks") }}
            when 'n_suspensions'
            then
                'Suspended '
                || n_suspensions
                || case n_suspensions when 1 then ' time' else ' times' end
                || ' this year'
        end
    )
{%- endmacro %}

{#- A number as people write it, cut after `places` digits: 2.9 and 3, not 2.90 and 3.00. -#}
{% macro cut_number(number, places) -%}
    regexp_replace(
        cast(
            cast(
                trunc(({{ number }}) * 1{{ "0" * places }} + 0.000001)
                / 1{{ "0" * places }} as decimal(12, {{ places }})
            ) as varchar
        ),
        '\.?0+$',
        ''
    )
{%- endmacro %}

{% macro plain_number(number) -%} regexp_replace(cast({{ number }} as varchar), '\.?0+$', '') {%- endmacro %}

{% macro marks_in_brackets(list) -%}
    case when len({{ list }}) > 0 then ' (' || array_to_string({{ list }}, '; ') || ')' else '' end
{%- endmacro %}
