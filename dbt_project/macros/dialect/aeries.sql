{% macro aeries_flag(column) -%}
    case
        when upper({{ column }}) in ('Y', 'TRUE', '1')
        then true
        when upper({{ column }}) in ('N', 'FALSE', '0')
        then false
    end
{%- endmacro %}

{#- County, district and school number make the CDS; where one column holds it, Excel may have eaten the zero in front. -#}
{% macro aeries_cds(alias) -%}
    case
        when regexp_full_match({{ alias }}.cds, '\d{13,14}')
        then lpad({{ alias }}.cds, 14, '0')
        when
            regexp_full_match({{ alias }}.co, '\d{1,2}')
            and regexp_full_match({{ alias }}.di, '\d{1,5}')
            and regexp_full_match({{ alias }}.si, '\d{1,7}')
        then lpad({{ alias }}.co, 2, '0') || lpad({{ alias }}.di, 5, '0') || lpad({{ alias }}.si, 7, '0')
    end
{%- endmacro %}

{#- One database per school year: the folder 2024-2025 is scope 2024, spring year 2025. -#}
{% macro aeries_school_year(alias) -%} {{ read_integer(alias ~ "._scope") }} + 1 {%- endmacro %}

{#- A school year as Aeries writes it, '2024' or '2024-2025' for 2024-25: the spring year. -#}
{% macro aeries_year(text) -%}
    case
        when regexp_full_match(trim({{ text }}), '\d{4}')
        then cast(trim({{ text }}) as integer) + 1
        when regexp_full_match(trim({{ text }}), '\d{4}-\d{4}')
        then cast(right(trim({{ text }}), 4) as integer)
    end
{%- endmacro %}
