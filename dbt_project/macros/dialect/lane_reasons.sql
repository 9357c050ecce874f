{#- One short sentence for each failed condition of the gate that stopped the student. Figures are cut, not rounded,
    so that a printed 95.9 never looks like the 96 that was missed. -#}
{% macro lane_reasons() -%}
    list_filter(
        [
            case
                when attendance_rate_fails
                then
                    'Attendance is '
                    || {{ cut_number("100 * attendance_rate") }}
                    || '%; '
                    || case when attendance_rate_strict then 'more than ' else '' end
                    || {{ plain_number("100 * attendance_rate_value") }}
                    || '%'
                    || case when attendance_rate_strict then '' else ' or more' end
                    || ' is needed'
            end,
            case
                when credits_of_due_fails
                then
                    'Credits earned are '
                    || {{ cut_number("credits_earned_total") }}
                    || ' of '
                    || {{ cut_number("credits_due") }}
                    || ' due by now'
            end,
            case
                when gpa_fails
                then
                    'GPA is '
                    || {{ cut_number("gpa") }}
                    || '; '
                    || {{ plain_number("gpa_value") }}
                    || ' or more is needed'
            end,
            case
                when n_f_core_fails
                then
                    'F in core courses amounts to '
                    || {{ cut_number("n_f_core") }}
                    || ' semester courses; at most '
                    || {{ plain_number("n_f_core_value") }}
                    || ' is allowed'
                    || {{ marks_in_brackets("f_core_marks") }}
            end,
            case
                when n_df_core_fails
                then 'A core course has a D, an F or no pass' || {{ marks_in_brackets("low_core_marks") }}
            end,
            case
                when n_df_elamath_fails
                then 'English or math has a D, an F or no pass' || {{ marks_in_brackets("df_elamath_marks") }}
            end,
            case
                when n_suspensions_fails
                then
                    'Suspended '
                    || n_suspensions
                    || case n_suspensions when 1 then ' time' else ' times' end
                    || ' this year'
            end
        ],
        lambda sentence:sentence is not null
    )
{%- endmacro %}

{#- A number as people write it, cut after two digits: 2.9 and 3, not 2.90 and 3.00. -#}
{% macro cut_number(number) -%}
    regexp_replace(
        cast(cast(trunc(({{ number }}) * 100 + 0.000001) / 100 as decimal(12, 2)) as varchar), '\.?0+$', ''
    )
{%- endmacro %}

{% macro plain_number(number) -%} regexp_replace(cast({{ number }} as varchar), '\.?0+$', '') {%- endmacro %}

{% macro marks_in_brackets(list) -%}
    case when len({{ list }}) > 0 then ' (' || array_to_string({{ list }}, '; ') || ')' else '' end
{%- endmacro %}

{#- The measures in the order of their sentences in lane_reasons: the n-th failed condition has the n-th sentence. -#}
{% macro lane_reason_order() -%}
    {{
        return(
            [
                "attendance_rate",
                "credits_of_due",
                "gpa",
                "n_f_core",
                "n_df_core",
                "n_df_elamath",
                "n_suspensions",
            ]
        )
    }}
{%- endmacro %}

{% macro nth_of(list, n) -%} list_extract({{ list }}, {{ n }}) {%- endmacro %}
