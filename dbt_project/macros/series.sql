{#- The rows of a canonical entity that were known when the period (alias `period`, from series_period) closed; while it
    is open, those in force tonight. Rows carry the dates between which they were known, so that one pass judges
    each by its own period. -#}
{% macro known_at_close(row, period="period") -%}
    (
        case
            when {{ period }}.is_closed
            then {{ known_then(row, period ~ ".known_on") }}
            else {{ row }}.known_to is null
        end
    )
{%- endmacro %}

{% macro core_subjects() -%} {{ return(["ela", "math", "science", "social_science"]) }} {%- endmacro %}

{#- Counts of a period by school, from which the measures follow: name -> SQL aggregate over students. A measure of
    days has them in parts of 2520. -#}
{% macro series_counts() -%}
    {%- set counts = {
        "n_days": "count(days)",
        "days_x2520": "coalesce(sum(2520 * days), 0)",
        "attended_x2520": "coalesce(sum(2520 * days - absent_parts), 0)",
        "n_long": "count(*) filter (days > min_month_days_exclusive)",
        "n_absent_10": "count(*) filter (days > min_month_days_exclusive and 10 * absent_parts >= 2520 * days)",
        "n_core": "count(*) filter (n_core > 0)",
        "y_core": "count(*) filter (df_core > 0)",
    } -%}
    {%- for subject in ["core"] + core_subjects() -%}
        {%- do counts.update(
            {
                "n_" ~ subject: "count(*) filter (n_" ~ subject ~ " > 0)",
                "m_" ~ subject: "coalesce(sum(n_" ~ subject ~ "), 0)",
                "df_" ~ subject: "coalesce(sum(df_" ~ subject ~ "), 0)",
            }
        ) -%}
    {%- endfor -%}
    {{ return(counts) }}
{%- endmacro %}

{#- Measures of a period: code (without the kind of the marking period), numerator, denominator, students behind it. -#}
{% macro series_measures() -%}
    {%- set measures = [
        {
            "code": "attendance_month",
            "num": "attended_x2520",
            "den": "days_x2520",
            "n": "n_days",
            "of": "month",
        },
        {
            "code": "absent_10_month",
            "num": "n_absent_10",
            "den": "n_long",
            "n": "n_long",
            "of": "month",
        },
        {"code": "df_marks", "num": "df_core", "den": "m_core", "n": "n_core", "of": "marks"},
        {"code": "any_df_core", "num": "y_core", "den": "n_core", "n": "n_core", "of": "marks"},
        {
            "code": "df_progress_marks",
            "num": "df_core",
            "den": "m_core",
            "n": "n_core",
            "of": "progress",
        },
    ] -%}
    {%- for subject in core_subjects() -%}
        {%- do measures.append(
            {
                "code": "df_marks_" ~ subject,
                "num": "df_" ~ subject,
                "den": "m_" ~ subject,
                "n": "n_" ~ subject,
                "of": "marks",
            }
        ) -%}
    {%- endfor -%}
    {{ return(measures) }}
{%- endmacro %}
