{#- Ed-Fi texts to values, in DuckDB's dialect: JSON resources (v3 and later, codes as URIs) and interchange XML (v1, codes
    as plain text) come under the same column names; what a contract has no path for is NULL. -#}
{#- A nested list as a list of texts. Of JSON objects, the text at `path` ('$.raceDescriptor'); of a plain text or a
    JSON list of texts, these. NULL stays NULL. -#}
{% macro edfi_list(column, path) -%}
    case
        when starts_with({{ column }}, '[')
        then
            list_transform(
                from_json({{ column }}, '["JSON"]'),
                lambda x:coalesce(json_extract_string(x, '{{ path }}'), x ->> '$')
            )
        when {{ column }} is not null
        then [{{ column }}]
    end
{%- endmacro %}

{#- Of a nested list of identification codes, the first of the system whose descriptor's code value begins with `system`. -#}
{% macro edfi_identifier(column, descriptor, system) -%}
    case
        when starts_with({{ column }}, '[')
        then
            json_extract_string(
                list_filter(
                    from_json({{ column }}, '["JSON"]'),
                    lambda x:starts_with(
                        regexp_extract(json_extract_string(x, '$.{{ descriptor }}'), '[^#]*$'), '{{ system }}'
                    )
                )[1],
                '$.identificationCode'
            )
    end
{%- endmacro %}

{#- 2025 (JSON) or 2024-2025 (v1) -> 2025 -#}
{% macro edfi_school_year(column) -%}
    case
        when regexp_full_match({{ column }}, '\d{4}')
        then cast({{ column }} as integer)
        when regexp_full_match({{ column }}, '\d{4}-\d{4}')
        then cast(substr({{ column }}, 6, 4) as integer)
    end
{%- endmacro %}

{% macro edfi_boolean(column) -%}
    case lower({{ column }}) when 'true' then true when 'false' then false end
{%- endmacro %}

{#- A district's code map as one MAP a district, to translate the members of a list: select district_code, meanings. -#}
{% macro edfi_meanings(map_name) -%}
    (
        select district_code, map(list(code order by code), list(value order by code)) as meanings
        from {{ source("raw", "code_map") }}
        where map_name = '{{ map_name }}'
        group by district_code
    )
{%- endmacro %}
