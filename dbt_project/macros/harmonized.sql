{#- California credits in exact thirds: three times the credits. A credit within 0.005 of a multiple of 5/3 (1.67, 3.33,
    6.67) is that multiple (domain.md 3.1 rule 6). -#}
{% macro credit_thirds(credits) -%}
    cast(
        case
            when abs(3 * {{ credits }} - 5 * round({{ credits }} * 0.6)) <= 0.015
            then 5 * round({{ credits }} * 0.6)
            else 3 * {{ credits }}
        end as decimal(18, 4)
    )
{%- endmacro %}

{#- A sum of thirds as credits in the twelfth place, rounded down or up. Integers, since DuckDB divides decimals as doubles:
    points rounded up against credits rounded down decide every tie of a ratio as exact fractions would. -#}
{% macro credits_down(thirds) -%}
    cast({{ scaled_quotient(thirds, 3, "down") }} as decimal(18, 12))
{%- endmacro %}

{% macro credits_up(thirds) -%}
    cast({{ scaled_quotient(thirds, 3, "up") }} as decimal(18, 12))
{%- endmacro %}

{#- Semester-F equivalents of credits in thirds: credits / 5. -#}
{% macro f_equivalents(thirds) -%}
    cast({{ scaled_quotient(thirds, 15, "down") }} as decimal(18, 12))
{%- endmacro %}

{#- Days of parts of 2520 (divisible by 1..10 periods). -#}
{% macro days_of_parts(parts) -%}
    cast({{ scaled_quotient(parts, 2520, "down") }} as decimal(18, 12))
{%- endmacro %}

{#- Attributes of persons from what districts sent, one row per `keys`: of each attribute the latest value sent (column
    `recency`); race by domain.md section 8: Hispanic of any race, then two or more (Filipino and another Asian race are
    one federal race), then the single race, else not reported. -#}
{% macro latest_attributes(sent, keys) -%}
    {%- set key_list = keys | join(", ") -%}
    with
        latest as (
            select
                {{ key_list }},
                max(ssid) as ssid,
                max_by(birth_date, recency) filter (where birth_date is not null) as birth_date,
                max_by(gender, recency) filter (where gender is not null) as gender,
                max_by(is_hispanic, recency) filter (where has_race) as is_hispanic,
                max_by(race_codes, recency) filter (where has_race) as race_codes
            from {{ sent }}
            group by all
        ),

        race_parts as (
            select
                {{ key_list }},
                count(distinct race_code.federal_race) as n_federal,
                min(race_code.ca_race) as lowest_race,
                max(race_code.ca_race) as highest_race,
                min(race_code.federal_race) as federal_race
            from {{ split_race_codes("latest") }} as latest
            inner join {{ ref("race_code") }} as race_code using (race_code)
            group by {{ key_list }}
        )

    select
        {% for key in keys %} latest.{{ key }}, {% endfor %}
        latest.ssid,
        latest.birth_date,
        latest.gender,
        case
            when latest.is_hispanic
            then 'HI'
            when race_parts.n_federal > 1
            then 'MR'
            when race_parts.lowest_race <> race_parts.highest_race
            then race_parts.federal_race
            else coalesce(race_parts.lowest_race, 'NR')
        end as race_ethnicity
    from latest
    left join race_parts using ({{ key_list }})
{%- endmacro %}

{#- Gender and race of a record from its versions (column `version_number`, the highest is the latest): of each the latest
    value sent. Race is one answer of two columns. -#}
{% macro latest_of_versions() -%}
    max_by(gender, version_number) filter (where gender is not null) as gender,
    max_by(is_hispanic, version_number) filter (
        where is_hispanic is not null or race_codes is not null
    ) as is_hispanic,
    max_by(race_codes, version_number) filter (
        where is_hispanic is not null or race_codes is not null
    ) as race_codes,
    bool_or(is_hispanic is not null or race_codes is not null) as has_race
{%- endmacro %}
