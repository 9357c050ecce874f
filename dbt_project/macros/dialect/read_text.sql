{#- From the text of a file to typed values, in DuckDB's dialect. A value that does not look exactly as expected
    is NULL, never a guess: the pattern comes before the cast, since try_cast reads '12.7' as the integer 13. -#}
{% macro read_date(text) -%}
    case
        when regexp_full_match(trim({{ text }}), '\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?')
        then try_cast(left(trim({{ text }}), 10) as date)
        when regexp_full_match(trim({{ text }}), '\d{1,2}/\d{1,2}/\d{4}')
        then cast(try_strptime(trim({{ text }}), '%m/%d/%Y') as date)
    end
{%- endmacro %}

{% macro read_integer(text) -%}
    case when regexp_full_match(trim({{ text }}), '-?\d{1,9}') then cast(trim({{ text }}) as integer) end
{%- endmacro %}

{% macro read_decimal(text, type) -%}
    case
        when regexp_full_match(trim({{ text }}), '-?(\d+(\.\d*)?|\.\d+)')
        then try_cast(trim({{ text }}) as {{ type }})
    end
{%- endmacro %}

{#- A 10-digit statewide id, else NULL. -#}
{% macro read_ssid(text) -%}
    case when regexp_full_match(trim({{ text }}), '\d{10}') then trim({{ text }}) end
{%- endmacro %}

{#- A list of texts -> the CALPADS race codes among them, sorted, joined by ';'; NULL if none. -#}
{% macro read_race_codes(list) -%}
    nullif(
        array_to_string(
            list_sort(
                list_distinct(
                    list_filter(
                        {{ list }}, lambda x:regexp_full_match(x, '100|20[1-8]|299|30[1-4]|399|400|600|700')
                    )
                )
            ),
            ';'
        ),
        ''
    )
{%- endmacro %}

{#- 14-digit CDS code of a district's school from the 7-digit state number (or a whole code); else NULL. -#}
{% macro cds_code(district_code, state_number) -%}
    case
        when regexp_full_match({{ state_number }}, '\d{7}')
        then {{ district_code }} || {{ state_number }}
        when regexp_full_match({{ state_number }}, '\d{14}')
        then {{ state_number }}
    end
{%- endmacro %}
