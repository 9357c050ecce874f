{#- Counts of sensitivity_count. -#}
{% macro sensitivity_counts() -%}
    {{
        return(
            [
                "n_members",
                "n_lane",
                "n_low",
                "n_both",
                "n_up",
                "n_can_rise",
                "n_members10",
                "n_both10",
                "n_low10",
            ]
        )
    }}
{%- endmacro %}

{#- Headline metrics: numerator, denominator (`whole` and `below_top`: under these choices; none: the choice is not about
    the metric), the snapshots of table metric, and the threshold at which a school changes side. -#}
{% macro sensitivity_metrics() -%}
    {{
        return(
            [
                {
                    "code": "movement_rate",
                    "num": "n_up",
                    "den": "n_both",
                    "whole": "n_members",
                    "below_top": "n_can_rise",
                    "snapshot": "grade9_snapshot",
                    "basis": "G8_EOY",
                    "threshold": "aim_up",
                },
                {
                    "code": "vulnerable_rate",
                    "num": "n_low",
                    "den": "n_lane",
                    "whole": "n_members",
                    "below_top": none,
                    "snapshot": "grade9_snapshot",
                    "basis": none,
                    "threshold": "aim_down",
                },
                {
                    "code": "off_track_rate_9_10",
                    "num": "n_low10",
                    "den": "n_both10",
                    "whole": "n_members10",
                    "below_top": none,
                    "snapshot": "'G10_EOY'",
                    "basis": "G9_EOY",
                    "threshold": "aim_down",
                },
                {
                    "code": "coverage",
                    "num": "n_both",
                    "den": "n_members",
                    "whole": none,
                    "below_top": none,
                    "snapshot": "grade9_snapshot",
                    "basis": "G8_EOY",
                    "threshold": "coverage_80",
                },
            ]
        )
    }}
{%- endmacro %}
